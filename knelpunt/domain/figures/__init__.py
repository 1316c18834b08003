"""What the quarter counts, and the ledger of facts that it is counted from."""
