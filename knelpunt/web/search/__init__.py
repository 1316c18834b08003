"""The one box that searches everything."""
