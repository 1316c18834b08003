"""The rules of the field in plain Python: nothing here knows of a database or a browser."""
