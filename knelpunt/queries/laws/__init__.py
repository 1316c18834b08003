"""What pages read of the law catalogue."""
