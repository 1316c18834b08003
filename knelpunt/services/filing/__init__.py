"""From the first words to a numbered case."""
