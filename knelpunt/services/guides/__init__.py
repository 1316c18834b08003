"""What changes ruimtewijzers."""
