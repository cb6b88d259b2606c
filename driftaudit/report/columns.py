"""The headline findings at each snapshot as stacked columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from driftaudit.report import svg, words
from driftaudit.report.change import Column
from driftaudit.report.svg import Palette

LABEL_DISTANCE = 12.0

_WIDTH, _HEIGHT = 493.0, 176.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 26.0, 118.0, 18.0, 18.0
_INSIDE_FROM = 11.0
_UNREAD_HEIGHT = 22.0
_HATCH = 4.0
_GAP = 0.9


def stacked_columns(columns: Sequence[Column], series: Sequence[str], palette: Palette) -> Markup:
    """Draw one column per snapshot, checks stacked, labels beside the last one, hatched what was not assessed."""
    scale = _Scale.of(max(_total(column) for column in columns), hidden=any(column.lower_bound for column in columns))
    step = (_WIDTH - _LEFT - _RIGHT) / len(columns)
    parts = scale.grid(palette)
    for place, column in enumerate(columns):
        parts += _column(
            column, _LEFT + step * place + step * 0.18, step * 0.64, scale, palette, last=place == len(columns) - 1
        )
    parts += _series_labels(columns[-1], series, _LEFT + step * (len(columns) - 0.18), scale, palette)
    return svg.drawing(_WIDTH, _HEIGHT, columns_in_words(columns, series), parts, "columns")


def columns_in_words(columns: Sequence[Column], series: Sequence[str]) -> str:
    """Say every number of the columns, for those who cannot see them."""
    said = (
        f"{column.label}: "
        + ", ".join(f"{name} {_said(count)}" for name, count in zip(series, column.counts, strict=True))
        for column in columns
    )
    return "; ".join(said)


def spread(wanted: Sequence[float], distance: float = LABEL_DISTANCE) -> list[float]:
    """Move label positions apart, downwards first, until none is nearer to the next than the distance."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = list(wanted)
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + distance)
    floor = _HEIGHT - _BOTTOM
    for place in reversed(order):
        placed[place] = min(placed[place], floor)
        floor = placed[place] - distance
    return placed


@dataclass(frozen=True, slots=True)
class _Scale:
    top: int
    step: int

    @classmethod
    def of(cls, highest: int, *, hidden: bool) -> _Scale:
        """Choose a round step that gives three to five lines, with room for a hatched block if there is one."""
        highest = max(1, math.ceil(highest * (1.16 if hidden else 1.02)))
        raw = highest / 4
        power = 10 ** math.floor(math.log10(raw)) if raw >= 1 else 1
        step = next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= raw)
        return cls(top=highest, step=max(1, step))

    def y(self, value: float) -> float:
        """Return where a value stands, downwards from the top edge."""
        base = _HEIGHT - _BOTTOM
        return base - value * (base - _TOP) / self.top

    def grid(self, palette: Palette) -> list[Markup]:
        """Draw the lines of the scale and their values."""
        right = _WIDTH - _RIGHT + 4
        parts = [svg.line(_LEFT, self.y(0), right, self.y(0), palette.ink, 0.8)]
        for value in range(self.step, self.top + 1, self.step):
            parts.append(svg.line(_LEFT, self.y(value), right, self.y(value), palette.rule, 0.5))
            parts.append(svg.text(_LEFT - 5, self.y(value) + 2.5, words.number(value), palette.mute, anchor="end"))
        return parts


def _column(column: Column, x: float, width: float, scale: _Scale, palette: Palette, *, last: bool) -> list[Markup]:
    parts: list[Markup] = []
    below = 0
    for place, count in enumerate(column.counts):
        if count:
            parts += _segment(x, width, scale.y(below), scale.y(below + count), place, count, palette)
            below += count
    top = scale.y(below)
    unread = sum(count is None for count in column.counts)
    if unread:
        parts += _hatched(x, top - _UNREAD_HEIGHT - _GAP, width, _UNREAD_HEIGHT, palette.unread)
        top -= _UNREAD_HEIGHT
    weight = "600" if last else "400"
    middle = x + width / 2
    if unread == len(column.counts):
        parts.append(svg.text(middle, top - 5, "not assessed", palette.unread, anchor="middle", weight="600"))
    else:
        total = f"≥ {words.number(below)}" if column.lower_bound else words.number(below)
        parts.append(svg.text(middle, top - 5, total, palette.ink, anchor="middle", weight="600", size=8.5))
    parts.append(
        svg.text(
            middle, _HEIGHT - 5, column.label, palette.ink if last else palette.mute, anchor="middle", weight=weight
        )
    )
    return parts


def _segment(x: float, width: float, base: float, top: float, place: int, count: int, palette: Palette) -> list[Markup]:
    height = max(base - top - _GAP, 0.6)
    shape = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="0.6"/>').format(
        svg.n(x), svg.n(top), svg.n(width), svg.n(height), palette.series[place], palette.edges[place]
    )
    if height < _INSIDE_FROM:
        return [shape]
    middle = top + height / 2 + 2.6
    return [
        shape,
        svg.text(x + width / 2, middle, words.number(count), palette.inside[place], anchor="middle", weight="600"),
    ]


def _hatched(x: float, y: float, width: float, height: float, colour: str) -> list[Markup]:
    parts = [
        Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="{}" stroke-dasharray="2.4 1.8"/>')
        .format(svg.n(x), svg.n(y), svg.n(width), svg.n(height), colour)
    ]  # fmt: skip
    offset = _HATCH
    while offset < width + height:
        left, right = max(0.0, offset - height), min(width, offset)
        parts.append(svg.line(x + left, y + offset - left, x + right, y + offset - right, colour, 0.4))
        offset += _HATCH
    return parts


def _series_labels(column: Column, series: Sequence[str], x: float, scale: _Scale, palette: Palette) -> list[Markup]:
    middles, below = [], 0
    for count in column.counts:
        middles.append(scale.y(below + (count or 0) / 2))
        below += count or 0
    parts: list[Markup] = []
    for place, (middle, at) in enumerate(zip(middles, spread(middles), strict=True)):
        colour = palette.edges[place] if column.counts[place] is not None else palette.unread
        parts.append(
            Markup('<path d="M{} {}L{} {}L{} {}" fill="none" stroke="{}" stroke-width="0.6"/>')
            .format(svg.n(x + 2), svg.n(middle), svg.n(x + 10), svg.n(at), svg.n(x + 15), svg.n(at), colour)
        )  # fmt: skip
        parts.append(
            Markup('<rect x="{}" y="{}" width="6" height="6" fill="{}" stroke="{}" stroke-width="0.6"/>')
            .format(svg.n(x + 17), svg.n(at - 3), palette.series[place], palette.edges[place])
        )  # fmt: skip
        name = words.shortened(words.capitalised(series[place]), 22)
        parts.append(svg.text(x + 27, at + 2.8, name, palette.ink, size=8.5))
    return parts


def _total(column: Column) -> int:
    return sum(count or 0 for count in column.counts)


def _said(count: int | None) -> str:
    return "not assessed" if count is None else str(count)
