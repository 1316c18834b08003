"""The pages on which another organisation takes a case over, by a link and without an account."""
