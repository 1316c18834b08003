"""Backups: making one, bringing one back, and trying whether that works."""
