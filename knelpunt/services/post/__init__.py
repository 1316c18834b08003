"""What happens with mail that comes in."""
