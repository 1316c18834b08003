"""The end of a case: its term of keeping, the lists that two people confirm, destruction and transfer."""
