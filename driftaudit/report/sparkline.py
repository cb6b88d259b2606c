"""The course of one number through the last snapshots, small enough to stand under it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from driftaudit.audit.audit import Point
from driftaudit.report import svg, words
from driftaudit.report.svg import Palette

_WIDTH, _HEIGHT = 96.0, 26.0
_FEWEST = 2


def sparkline(points: Sequence[Point], name: str, palette: Palette) -> Markup:
    """Draw the course of one number from zero, a ring where it was not assessed; one point is no course."""
    if len(points) < _FEWEST:
        return Markup("")
    top = max((point.count or 0 for point in points), default=0) or 1
    at = [(_x(points, point), _y(point.count, top), point.count) for point in points]
    parts = [_line(at, palette)]
    parts += [_mark(x, y, count, last=place == len(at) - 1, palette=palette) for place, (x, y, count) in enumerate(at)]
    if points[0].count is not None:
        parts.append(svg.text(0, _HEIGHT - 1.5, words.number(points[0].count), palette.mute, size=7))
    title = f"{name}: " + ", ".join(f"{words.iso_date(point.taken_at)} {_said(point.count)}" for point in points)
    return svg.drawing(_WIDTH, _HEIGHT, title, parts, "spark")


def _x(points: Sequence[Point], point: Point) -> float:
    first, last = points[0].taken_at, points[-1].taken_at
    share = (point.taken_at - first) / (last - first) if last > first else 1.0
    return 4 + share * (_WIDTH - 10)


def _y(count: int | None, top: int) -> float:
    return 15.0 - 11.0 * (count or 0) / top


def _line(at: Sequence[tuple[float, float, int | None]], palette: Palette) -> Markup:
    """Join neighbours that were both assessed; a gap stays a gap."""
    lines = [
        svg.line(x, y, x2, y2, palette.soft, 1.0)
        for (x, y, count), (x2, y2, count2) in pairwise(at)
        if count is not None and count2 is not None
    ]
    return Markup("").join(lines)


def _mark(x: float, y: float, count: int | None, *, last: bool, palette: Palette) -> Markup:
    if count is None:
        return Markup('<circle cx="{}" cy="{}" r="2.8" fill="none" stroke="{}" stroke-dasharray="1.5 1.1"/>').format(
            svg.n(x), svg.n(y - 3), palette.unread
        )
    return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>').format(
        svg.n(x), svg.n(y), "2.8" if last else "1.2", palette.ink if last else palette.soft
    )


def _said(count: int | None) -> str:
    return "not assessed" if count is None else str(count)
