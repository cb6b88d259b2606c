"""Checks run on a snapshot, gated by coverage."""
