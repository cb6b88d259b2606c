"""Garbage collection while millions of records pass by: they hold no cycles, and what is loaded is there to stay."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

_NEW_OBJECTS = 50_000
"""After so many new containers the young ones are looked at; Python's own 700 is less than one page makes."""


@contextmanager
def seldom() -> Generator[None]:
    """Look for garbage seldom, and never among what was there before the block."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
