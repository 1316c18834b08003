"""Fetches mails from a mailbox, and reads them."""
