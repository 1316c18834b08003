"""What is kept of people: the register, and one person's data."""
