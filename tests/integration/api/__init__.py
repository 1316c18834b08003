"""The API, with a token of an organisation's system and without."""
