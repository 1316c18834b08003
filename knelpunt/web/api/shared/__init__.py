"""What every resource of the API has in common: its shape, its lists, its versions and its limits."""
