"""Pages about rule bottlenecks: what everybody may read, and what moves them along."""
