"""The way of a sealed quarter to the Kamer: written, commented on, agreed to, presented; and commitments."""
