"""Reads retention categories, lists of cases to destroy or transfer, and what a case holds."""
