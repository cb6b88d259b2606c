"""Text that other people wrote as it stands on a page: escaped, visible, its writing direction its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from markupsafe import Markup, escape

from driftaudit.foreign_text import visible

_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
_FITS_A_CELL = 28
_LONG_RUN = 24
_BREAK_AFTER = re.compile(rf"([@_.-]|[^@_.&;-]{{{_LONG_RUN}}})")


def isolated(text: str) -> Markup:
    """Escape a name; one that is written from right to left is wrapped so that its direction ends with it."""
    shown = visible(text)
    # An element of its own costs layout time, and a name from left to right gains nothing by it.
    return Markup("<bdi>{}</bdi>").format(shown) if _turns(shown) else escape(shown)


def breakable(text: str, fits: int = _FITS_A_CELL) -> Markup:
    """Escape an address; one longer than fits may break after its separators and in long runs."""
    shown = visible(text)
    if len(shown) <= fits:
        return isolated(text)
    broken = _BREAK_AFTER.sub(r"\1<wbr>", str(escape(shown)))
    return Markup('<bdi class="address">{}</bdi>').format(Markup(broken))  # noqa: S704  escaped on the line above


def sentence(text: str, names: Iterable[str | None]) -> Markup:
    """Escape a sentence and isolate each of the names that stand in it."""
    known = sorted({name for name in names if name and _turns(name)}, key=len, reverse=True)
    if not known:
        return escape(visible(text))
    parts = re.split("(" + "|".join(re.escape(name) for name in known) + ")", text)
    return Markup("").join(isolated(part) if place % 2 else escape(visible(part)) for place, part in enumerate(parts))


def _turns(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text)
