"""What pages read of cases."""
