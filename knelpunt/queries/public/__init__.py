"""What everybody may read: the published record."""
