"""The figures: their ledger, the quarters that were sealed, and the texts written about them."""
