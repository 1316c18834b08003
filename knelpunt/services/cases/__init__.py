"""What the desk does with a case."""
