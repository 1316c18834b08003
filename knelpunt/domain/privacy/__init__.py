"""What is kept of people, and what people may ask about it."""
