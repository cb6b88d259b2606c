"""Collecting: a tenant read into an export folder, collection by collection; what broke is resumed."""

from driftaudit.collect.resuming import resume, unfinished
from driftaudit.collect.run import Services, Wanted, collect

__all__ = ["Services", "Wanted", "collect", "resume", "unfinished"]
