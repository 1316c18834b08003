"""Running the site: accounts, organisations, outgoing mail, the audit trail; and colleagues, for an organisation."""
