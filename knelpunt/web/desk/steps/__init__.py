"""The step pages of a case."""
