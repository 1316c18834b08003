"""The API for other systems: another door to the same services, queries and rights as the pages."""
