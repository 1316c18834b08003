"""Tasks, notifications and presence, to read."""
