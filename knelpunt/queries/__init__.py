"""Every SELECT that a page or a service needs."""
