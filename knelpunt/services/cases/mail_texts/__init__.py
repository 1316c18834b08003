"""The texts of the mails about a case."""
