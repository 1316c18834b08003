"""How the installation is, for who keeps it running."""
