"""Messages: written, kept in the outbox, delivered."""
