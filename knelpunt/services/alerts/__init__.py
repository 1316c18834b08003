"""Mail about what becomes public, to who asked for it."""
