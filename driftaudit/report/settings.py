"""What the person who orders a report may choose."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Who the report is for, how secret it is, and whether its data is invented."""

    organisation: str = ""
    classification: str = ""
    demo: bool = False
