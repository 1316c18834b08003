"""What the desk reads to divide its work."""
