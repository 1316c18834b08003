"""Filing a case: as a resident without an account, or for an organisation."""
