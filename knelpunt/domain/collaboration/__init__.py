"""How colleagues of the desk work together on a case."""
