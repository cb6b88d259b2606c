"""Queries, tested by given rows and expected rows."""
