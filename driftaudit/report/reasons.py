"""The words of the database for why a grant exists, as people read them."""

from __future__ import annotations

REASONS = {
    "assignment": "A package gives it today",
    "activated": "An eligible role, activated for now",
    "delivering": "A package is just being delivered",
    "dynamic_rule": "A group’s rule gives it",
    "synced": "It comes from the local directory",
    "grace": "The end is so recent that removal may be under way",
    "ended": "The package ended, the access did not",
    "ended_censored": "As above, but the end falls between two snapshots",
    "role_removed": "The package no longer contains it",
    "pre_existing": "It was there before the assignment",
    "readded": "It came back after the end",
    "none": "No package explains it",
    "rule": "A group’s rule gives it, and no package holds the role",
    "unpackaged": "No package gives the role",
}
"""In the order in which reasons are tried; the last two are about grants that no package has to do with."""
