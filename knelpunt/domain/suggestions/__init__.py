"""Which rules a case may be about: ranked, each with its reasons. A suggestion is never a fact (decision 0010)."""
