"""Words: stems, spelling and the list of English terms."""
