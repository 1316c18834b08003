"""The page of one case at the desk."""
