"""What everybody may read: the start page and the published cases."""
