"""Handing a case over to another organisation, with consent and once that organisation takes it."""
