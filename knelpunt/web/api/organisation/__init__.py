"""What the systems of organisations do by the API, with a token of their own."""
