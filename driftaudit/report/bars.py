"""Two lying charts: what explains the grants, and between which hours access was gone."""

from __future__ import annotations

import math

from markupsafe import Markup

from driftaudit.report import svg, words
from driftaudit.report.svg import Palette

_WIDTH, _HEIGHT = 493.0, 44.0
_BAR = 22.0
_GAP, _THINNEST = 0.9, 1.5
_INSIDE_FROM = 24.0
_LABEL_LETTER, _LABEL_GAP = 3.9, 8.0
_NAMES = ("a package gives it", "a rule gives it", "no reason of today")
_COLOURS = (0, 3, 1)

_ROW_WIDTH, _ROW_HEIGHT = 208.0, 14.0
_TICKS = ((1, "1 hour"), (24, "1 day"), (168, "1 week"), (720, "30 days"), (8760, "1 year"))


def governed_bar(parts: tuple[int, int, int], palette: Palette) -> Markup:
    """Draw one bar: what a package gives, what a rule gives, what has no reason of today."""
    total = sum(parts)
    if not total:
        return Markup("")
    drawn, labels, x = [], [], 0.0
    for place, (amount, width) in enumerate(zip(parts, _widths(parts), strict=True)):
        if not amount:
            continue
        drawn += _segment(x, width, amount, palette, _COLOURS[place])
        labels.append((x, f"{words.number(amount)} {_NAMES[place]}" if width < _INSIDE_FROM else _NAMES[place]))
        x += width + _GAP
    drawn += [svg.text(at, _BAR + 13, label, palette.ink, size=8.5) for at, label in _side_by_side(labels)]
    title = ", ".join(f"{amount} {name}" for amount, name in zip(parts, _NAMES, strict=True))
    return svg.drawing(_WIDTH, _HEIGHT, title, drawn, "lying")


def _widths(parts: tuple[int, int, int]) -> list[float]:
    """Return how wide the parts are: none so thin that it is not seen, all of them together as wide as the bar."""
    room = _WIDTH - _GAP * (sum(map(bool, parts)) - 1)
    widths = [max(room * amount / sum(parts), _THINNEST) if amount else 0.0 for amount in parts]
    widths[widths.index(max(widths))] -= sum(widths) - room
    return widths


def _side_by_side(labels: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Move labels to the left until none runs into the next or over the edge."""
    placed, edge = [], _WIDTH
    for wanted, label in reversed(labels):
        at = max(0.0, min(wanted, edge - len(label) * _LABEL_LETTER))
        placed.append((at, label))
        edge = at - _LABEL_GAP
    return placed[::-1]


def _segment(x: float, width: float, amount: int, palette: Palette, colour: int) -> list[Markup]:
    shape = Markup('<rect x="{}" y="0" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="0.6"/>').format(
        svg.n(x), svg.n(width), svg.n(_BAR), palette.series[colour], palette.edges[colour]
    )
    if width < _INSIDE_FROM:
        return [shape]
    number = svg.text(x + 7, _BAR / 2 + 3.4, words.number(amount), palette.inside[colour], size=9.5, weight="600")
    return [shape, number]


def latency_axis(palette: Palette) -> Markup:
    """Write the hours above the bars."""
    parts = []
    for place, (hours, label) in enumerate(_TICKS):
        anchor = "start" if place == 0 else "end" if place == len(_TICKS) - 1 else "middle"
        parts.append(svg.text(_at(hours), 9, label, palette.mute, size=9.3, anchor=anchor))
    return svg.drawing(_ROW_WIDTH, 12, "Hours from the end of the assignment", parts, "axis")


def latency_bar(
    half: tuple[float | None, float | None], most: tuple[float | None, float | None], grace: float, palette: Palette
) -> Markup:
    """Draw between which hours half of the access was gone, and nine in ten; what never went runs off the edge."""
    middle = _ROW_HEIGHT / 2
    parts = [
        Markup('<rect x="0" y="0" width="{}" height="{}" fill="{}" opacity="0.5"/>').format(
            svg.n(_at(grace)), svg.n(_ROW_HEIGHT), palette.rule
        )
    ]
    parts += [svg.line(_at(hours), 0, _at(hours), _ROW_HEIGHT, palette.rule, 0.5) for hours, _ in _TICKS]
    parts += _span(half, middle - 2.6, palette, 0)
    parts += _span(most, middle + 2.6, palette, 1)
    title = f"Half gone: {_said(half)}; nine in ten gone: {_said(most)}"
    return svg.drawing(_ROW_WIDTH, _ROW_HEIGHT, title, parts, "hours")


def _span(bounds: tuple[float | None, float | None], y: float, palette: Palette, colour: int) -> list[Markup]:
    after, by = bounds
    if after is None:
        return []
    left = _at(after)
    right = max(_at(by) if by is not None else _ROW_WIDTH, left + 2)
    return [svg.line(left, y, right, y, palette.edges[colour], 3.2)]


def _at(hours: float) -> float:
    """Return where so many hours stand: logarithmic, an hour and less at the left edge."""
    longest = math.log(_TICKS[-1][0])
    return _ROW_WIDTH * min(math.log(max(hours, 1.0)) / longest, 1.0)


def _said(bounds: tuple[float | None, float | None]) -> str:
    after, by = bounds
    if after is None:
        return "never or not known"
    return f"{after:g} to {by:g} hours" if by is not None else f"{after:g} hours or more"
