"""The pages on which the desk offers a case to another organisation."""
