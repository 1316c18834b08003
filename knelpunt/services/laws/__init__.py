"""What changes the law catalogue."""
