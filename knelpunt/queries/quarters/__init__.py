"""What pages about the text of a quarter and about commitments read."""
