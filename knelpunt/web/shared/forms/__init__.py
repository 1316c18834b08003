"""Forms: fields, looks and messages."""
