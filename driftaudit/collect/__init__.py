"""Collecting: a tenant read into an export folder, collection by collection."""

from driftaudit.collect.run import Services, Wanted, collect

__all__ = ["Services", "Wanted", "collect"]
