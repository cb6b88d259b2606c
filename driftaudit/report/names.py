"""Text that other people wrote, made safe to show: nothing invisible, nothing that turns the line around."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
_C1 = {code: "\ufffd" for code in range(0x80, 0xA0)}
_HIDDEN = (0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060, 0xFEFF)
_DIRECTIONS = {
    code: f"[U+{code:04X}]"
    for code in (*_HIDDEN, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_SURROGATES = {code: "\ufffd" for code in range(0xD800, 0xE000)}
_VISIBLE = _PICTURES | _C1 | _DIRECTIONS | _SURROGATES | {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
_LONG_RUN = 24
_BREAK_AFTER = re.compile(rf"([@_.-]|[^@_.&;-]{{{_LONG_RUN}}})")


def visible(text: str) -> str:
    """Replace what cannot be seen or turns the reading direction by a sign that can be seen."""
    return text.translate(_VISIBLE)


def isolated(text: str) -> Markup:
    """Wrap a name so that its own writing direction ends with it."""
    return Markup("<bdi>{}</bdi>").format(visible(text))


def breakable(text: str) -> Markup:
    """Wrap an address and let the line break after its separators and in long runs."""
    broken = _BREAK_AFTER.sub(r"\1<wbr>", str(escape(visible(text))))
    return Markup('<bdi class="address">{}</bdi>').format(Markup(broken))  # noqa: S704  escaped on the line above


def sentence(text: str, names: Iterable[str | None]) -> Markup:
    """Escape a sentence and isolate each of the names that stand in it."""
    known = sorted({name for name in names if name and name.strip()}, key=len, reverse=True)
    if not known:
        return escape(visible(text))
    parts = re.split("(" + "|".join(re.escape(name) for name in known) + ")", text)
    return Markup("").join(isolated(part) if place % 2 else escape(visible(part)) for place, part in enumerate(parts))
