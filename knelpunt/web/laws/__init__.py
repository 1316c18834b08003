"""Wet op de dag: the law catalogue for everybody, seen from any day."""
