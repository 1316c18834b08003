"""What leaves the site for an archive: packages with metadata, and certificates."""
