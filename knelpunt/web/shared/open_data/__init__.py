"""What pages with open data share: files of JSON, and legislation as linked data."""
