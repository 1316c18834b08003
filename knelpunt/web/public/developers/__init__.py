"""What developers of other systems read and fetch: laws and ruimtewijzers as data, and how the suggestions work."""
