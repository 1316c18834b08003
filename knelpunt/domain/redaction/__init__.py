"""Personal details in texts for the public."""
