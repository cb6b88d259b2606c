"""The page model through the templates: one set of sections for paper and for screen."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from driftaudit.bundled import folder
from driftaudit.foreign_text import visible
from driftaudit.report import names, words
from driftaudit.report.bars import governed_bar, latency_axis, latency_bar
from driftaudit.report.columns import stacked_columns
from driftaudit.report.sparkline import sparkline

if TYPE_CHECKING:
    from jinja2 import Environment

_FACES = (
    ("Source Sans 3", 400, "SourceSans3-Regular"),
    ("Source Sans 3", 600, "SourceSans3-Semibold"),
    ("Source Serif 4 Display", 400, "SourceSerif4Display-Regular"),
    ("Source Serif 4 Display", 600, "SourceSerif4Display-Semibold"),
    ("Source Code Pro", 400, "SourceCodePro-Regular"),
)


def templates() -> Path:
    """Return the folder of templates, style sheets and fonts."""
    return folder("report_templates")


def render(template: str, values: Mapping[str, Any], *, embed_fonts: bool) -> str:
    """Render a template; text from data is escaped, and what is invisible in it is shown."""
    environment = _environment()
    sections = sorted(name for name in environment.list_templates() if name.startswith("sections/"))
    return environment.get_template(template).render(
        values,
        sections=sections,
        css=_css,
        faces=_faces(embed=embed_fonts),
        sparkline=sparkline,
        stacked_columns=stacked_columns,
        governed_bar=governed_bar,
        latency_axis=latency_axis,
        latency_bar=latency_bar,
    )


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(templates()),
        autoescape=select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "name": names.isolated,
        "address": names.breakable,
        "breakable": names.breakable,
        "sentence": lambda text, *known: names.sentence(text, known),
        "number": words.number,
    }
    environment.filters.update(filters)
    return environment


def _shown(value: object) -> object:
    """Show what is invisible in a text, unless a filter has done so and made it markup."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _css(*sheets: str) -> Markup:
    texts = ((templates() / "css" / f"{sheet}.css").read_text(encoding="utf-8") for sheet in sheets)
    return Markup("").join(Markup(text) for text in texts)  # noqa: S704  files of our own


def _faces(*, embed: bool) -> Markup:
    rule = Markup(
        '@font-face {{ font-family: "{}"; font-weight: {}; font-display: block; src: url({}) format("woff2"); }}\n'
    )
    return Markup("").join(rule.format(family, weight, _font(name, embed=embed)) for family, weight, name in _FACES)


def _font(name: str, *, embed: bool) -> str:
    file = templates() / "fonts" / f"{name}.ttf.woff2"
    if not embed:
        return file.relative_to(templates()).as_posix()
    return f"data:font/woff2;base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"
