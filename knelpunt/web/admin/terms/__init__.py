"""The terms of the desk, changed by two administrators."""
