"""The pages of the address book of the ministries."""
