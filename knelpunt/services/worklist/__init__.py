"""How the desk divides its work: views, labels, teams, priorities, and acts on several cases at once."""
