"""What pages read of ruimtewijzers."""
