"""The rules of a case: its steps, what they need, and reactions."""
