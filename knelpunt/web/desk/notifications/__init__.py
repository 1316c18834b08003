"""What somebody at the desk was told of."""
