"""Suggestions of rules for a case: from what ships with the project, and from what the desk has confirmed."""
