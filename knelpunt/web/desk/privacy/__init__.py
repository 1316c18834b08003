"""Requests of people about their own data: taken in, looked after, and answered."""
