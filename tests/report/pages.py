"""Reads what a rendered report says, in HTML and in PDF."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pypdfium2

_EMPTY = frozenset(("meta", "br", "wbr", "col", "input", "img", "link"))


class _Text(HTMLParser):
    """Collects the text of one element, without drawings, scripts and styles."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.depth = 0
        self.silent = 0
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            return
        if self.depth or dict(attrs).get("id") == self.wanted:
            self.depth += 1
        self.silent += bool(self.silent) or tag in ("svg", "script", "style")

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        self.depth -= bool(self.depth)
        self.silent -= bool(self.silent)

    def handle_data(self, data: str) -> None:
        if self.depth and not self.silent:
            self.parts.append(data)


def text_of(html: str, element_id: str) -> str:
    """Return the words of the element with this id, each run of spaces as one."""
    reader = _Text(element_id)
    reader.feed(html)
    return " ".join(" ".join(reader.parts).split())


def words_of(html: str, element_id: str) -> list[str]:
    """Return the words of an element; signs alone are none."""
    return [word for word in text_of(html, element_id).split() if re.search(r"\w", word)]


def texts_of_pdf(pdf: bytes) -> list[str]:
    """Return the text of each page, every space an ordinary one."""
    document = pypdfium2.PdfDocument(pdf)
    read = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [re.sub(r"[\s\u00a0\u202f\u200b]+", " ", text.replace("\ufffe", "-")) for text in read]
