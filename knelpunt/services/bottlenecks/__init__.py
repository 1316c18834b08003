"""What changes rule bottlenecks."""
