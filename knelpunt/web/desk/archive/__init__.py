"""How long a case is kept, as the desk sees and chooses it."""
