"""What a filing must hold."""
