"""The pages on which partners agree to the definitions of the figures."""
