"""Files that ship with the project or are imported."""
