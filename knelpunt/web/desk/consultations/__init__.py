"""The pages on which the desk asks ministries, and deals with what they do not say or do not agree on."""
