"""The ledger of facts, kept by the acts themselves."""
