"""The figures of a quarter: page, list behind a number, CSV and PDF."""
