"""What checks who somebody is: sealed secrets, codes of a telephone, passkeys, and providers elsewhere."""
