"""Collecting: a tenant read into an export folder, collection by collection."""

from driftaudit.collect.run import Wanted, collect

__all__ = ["Wanted", "collect"]
