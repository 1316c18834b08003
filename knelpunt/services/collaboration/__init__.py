"""How colleagues of the desk work together on a case: tasks, notes that name somebody, what each is told of."""
