"""Text that other people wrote, made safe to show on a terminal or a page and to open in a spreadsheet."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
_REPLACED = dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], "\ufffd")
_INVISIBLE = [0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A)]
_NAMED = {code: f"[U+{code:04X}]" for code in (*_INVISIBLE, 0xFEFF)}
_VISIBLE = _PICTURES | _REPLACED | _NAMED


def visible(text: str) -> str:
    """Replace what cannot be seen, moves the cursor or turns the reading direction by a sign that can be seen."""
    return text.translate(_VISIBLE)


def inert(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
