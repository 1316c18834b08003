"""What pages read of cases that are offered to another organisation."""
