"""Questions of the desk to ministries: asking, answering by a link, what the calendar does, and whom to ask."""
