"""The part of the site in which administrators see which texts of laws were read, and which changed since."""
