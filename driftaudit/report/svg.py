"""The pieces of a chart as SVG: no text from data in them, every number also in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_FACE = "Source Sans 3, DejaVu Sans, sans-serif"
"""On paper a drawing does not get the face of the page."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a chart, as values for paper or as variables for a screen with two themes."""

    ink: str
    soft: str
    mute: str
    rule: str
    paper: str
    unread: str
    series: tuple[str, ...]
    edges: tuple[str, ...]
    inside: tuple[str, ...]


PAPER = Palette(
    ink="#17212B",
    soft="#46525E",
    mute="#5F6B76",
    rule="#D9DDDA",
    paper="#FFFFFF",
    unread="#5B4A86",
    series=("#12495E", "#B5452C", "#D39A2D", "#7C8F9C"),
    edges=("#12495E", "#B5452C", "#8F6208", "#7C8F9C"),
    inside=("#FFFFFF", "#FFFFFF", "#17212B", "#17212B"),
)
SCREEN = Palette(
    ink="var(--ink)",
    soft="var(--soft)",
    mute="var(--mute)",
    rule="var(--rule)",
    paper="var(--paper)",
    unread="var(--unread)",
    series=tuple(f"var(--c{place})" for place in range(1, 5)),
    edges=tuple(f"var(--e{place})" for place in range(1, 5)),
    inside=tuple(f"var(--t{place})" for place in range(1, 5)),
)


def line(x: float, y: float, x2: float, y2: float, colour: str, width: float) -> Markup:
    """Draw a straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"/>').format(
        n(x), n(y), n(x2), n(y2), colour, width
    )


def text(
    x: float, y: float, text: str, colour: str, *, size: float = 7.5, anchor: str = "start", weight: str = "400"
) -> Markup:
    """Write a word or a number; names from data never come here."""
    return Markup('<text x="{}" y="{}" font-size="{}" font-weight="{}" text-anchor="{}" fill="{}">{}</text>').format(
        n(x), n(y), size, weight, anchor, colour, text
    )


def drawing(width: float, height: float, title: str, parts: Sequence[Markup], name: str) -> Markup:
    """Put the parts together under a title that says all their numbers: it is the alternative text."""
    return Markup(
        '<svg class="{}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" '
        'font-family="{}"><title>{}</title>{}</svg>'
    ).format(name, n(width), n(height), _FACE, escape(title), Markup("").join(parts))


def n(value: float) -> str:
    """Write a coordinate with at most two places."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
