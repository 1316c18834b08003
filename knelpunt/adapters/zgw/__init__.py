"""The case system of an organisation, by the ZGW standards for such systems."""
