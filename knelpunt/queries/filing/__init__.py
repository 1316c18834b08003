"""What pages read of a case that is being written."""
