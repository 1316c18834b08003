"""Tasks on a case, and the checklists that they come from."""
