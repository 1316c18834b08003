"""The rules of ruimtewijzers."""
