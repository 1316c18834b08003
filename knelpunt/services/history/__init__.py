"""The import of historic cases."""
