"""Numbers, dates and lists as the report writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

NBSP = "\u00a0"
_NARROW_NBSP = "\u202f"
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MONTHS_IN_A_YEAR = 12


def number(value: int) -> str:
    """Write an integer with narrow spaces between thousands and a true minus sign."""
    return f"{value:,}".replace(",", _NARROW_NBSP).replace("-", "−")


def small_number(value: int) -> str:
    """Write an integer for running text: a word up to ten, digits above."""
    return _SMALL[value] if 0 <= value < len(_SMALL) else number(value)


def count(value: int, singular: str, plural: str | None = None) -> str:
    """Write a number and its noun, held together: `1 grant`, `2 grants`."""
    return f"{number(value)}{NBSP}{singular if value == 1 else plural or singular + 's'}"


def long_date(value: date) -> str:
    """Write a date for a sentence: 30 September 2026, the day held to its month."""
    return f"{value.day}{NBSP}{value:%B %Y}"


def day_month(value: date) -> str:
    """Write a date of the near future: 14 October."""
    return f"{value.day}{NBSP}{value:%B}"


def iso_date(value: date) -> str:
    """Write a date for a table: 2026-09-30."""
    return f"{value:%Y-%m-%d}"


def instant(value: datetime) -> str:
    """Write an instant: 2026-09-30 02:00:04 UTC."""
    return f"{value:%Y-%m-%d %H:%M:%S} UTC"


def quarter(value: date) -> str:
    """Write the quarter a date lies in: Q3 2026."""
    return f"Q{(value.month + 2) // 3} {value.year}"


def since_name(earlier: date, later: date) -> str:
    """Name an earlier day as short as it stays clear seen from a later one: June, 16 September, June 2025."""
    months = (later.year - earlier.year) * _MONTHS_IN_A_YEAR + later.month - earlier.month
    if months == 0:
        return day_month(earlier)
    return f"{earlier:%B}" if months < _MONTHS_IN_A_YEAR else f"{earlier:%B} {earlier.year}"


def listing(parts: Sequence[str]) -> str:
    """Join parts as a sentence does: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def shortened(text: str, letters: int, most_words: int = 100) -> str:
    """Cut a text at a space near so many letters, or after so many words, and say so with an ellipsis."""
    parts = text.split()
    text = " ".join(parts)
    head = " ".join(parts[:most_words])
    if head == text and len(text) <= letters:
        return text
    if len(head) >= letters:
        head = head[: letters - 1]
        whole, _, _ = head.rpartition(" ")
        head = whole if len(whole) > letters // 2 else head
    return f"{head.rstrip(' ,;.:')}…"


def capitalised(text: str) -> str:
    """Begin a text with a capital and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def spaced_hash(digest: str) -> str:
    """Write a hash in groups of eight, to be compared by eye."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def short_hash(digest: str) -> str:
    """Write the two ends of a hash: 7c1e09b2…c2689ab4."""
    return f"{digest[:8]}…{digest[-8:]}" if digest else "none"
