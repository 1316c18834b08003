"""PostgreSQL: embedded, its schema, and writing many rows."""
