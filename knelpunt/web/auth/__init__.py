"""Logging in and out, invitations, passwords and the own account."""
