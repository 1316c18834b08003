"""Files that people send: looked at, cleaned, scanned and kept."""
