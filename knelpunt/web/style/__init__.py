"""The page on which every component can be looked at, in each of its states."""
