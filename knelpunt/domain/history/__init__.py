"""Historic cases, as a file has them."""
