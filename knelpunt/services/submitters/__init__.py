"""What the submitter of a case does."""
