"""Benchmarks: what must stay fast and small, measured against limits."""
