"""Keys for the systems of an organisation."""
