"""What pages read of rule bottlenecks."""
