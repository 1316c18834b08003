"""Days, clocks and terms by Dutch law."""
