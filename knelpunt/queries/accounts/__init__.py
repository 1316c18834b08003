"""Accounts, organisations, the audit trail and outgoing mail."""
