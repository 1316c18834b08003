"""What pages read of questions to ministries, and whom the desk can ask."""
