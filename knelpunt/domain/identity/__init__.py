"""Who somebody is, beyond a password: the browser, the second factor, and what a provider says of them."""
