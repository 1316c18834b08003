"""What the desk reads of mail that came in, and of mail that did not arrive."""
