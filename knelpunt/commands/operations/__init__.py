"""What an operator does: backups, bringing them back, trying that, and metrics."""
