"""What the desk reads to divide its work. The rows of the work list itself come from ``queries/cases``."""
