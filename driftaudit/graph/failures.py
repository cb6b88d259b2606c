"""What can go wrong between here and an answer; every failure is one sentence and a next step.

NothingRead (exit 5)
└── GraphFailure
    ├── SignInRefused      no token, or one that the service does not take
    │   └── SignInEnded    the token ran out during the run and there is no other
    ├── Unreachable        no connection, or none that holds
    ├── DeadlineOver       the time allowed for the whole run is used up
    ├── NotGraph           somebody else answered: a proxy, a sign-in page
    ├── BrokenAnswer       an answer that is none: cut off, no page, leads nowhere
    ├── Refused            a page was refused; holds the answer
    └── PageTokenExpired   the service no longer knows how to go on: begin that collection again
"""

from __future__ import annotations

from driftaudit.errors import DriftauditError, NothingRead
from driftaudit.foreign_text import visible
from driftaudit.graph.answer import Answer, problem

_EXPIRED_CODES = {
    "directory_expiredpagetoken",
    "request_expiredpagetoken",
    "expiredpagetoken",
    "invalidpagetoken",
    "syncstatenotfound",
    "syncstateinvalid",
    "resyncrequired",
}
_EXPIRED_WORDS = ("page token", "pagetoken", "skiptoken", "skip token")


class GraphFailure(NothingRead):
    """A request that came to nothing."""


class SignInRefused(GraphFailure):
    """There is no token."""


class SignInEnded(SignInRefused):
    """The token ran out on the way."""


class Unreachable(GraphFailure):
    """Nobody answers."""


class DeadlineOver(GraphFailure):
    """The time allowed is used up."""


class NotGraph(GraphFailure):
    """Somebody else answered."""


class BrokenAnswer(GraphFailure):
    """The answer cannot be used."""


class NotReading(DriftauditError):
    """A request that does more than read was stopped before it left; this is an error of the program."""


class Refused(GraphFailure):
    """The service answered no."""

    def __init__(self, answer: Answer) -> None:
        """Keep the answer and its own words for whoever writes down the gap."""
        said = problem(answer)
        self.answer, self.status, self.code, self.message = answer, answer.status, said.code, said.message
        words = ": ".join(part for part in (said.code, said.message) if part).rstrip(".")
        super().__init__(
            f"{place(answer.request)} was refused with status {answer.status} ({words}).",
            "Check the permissions with `driftaudit permissions`." if answer.status in (401, 403) else "Collect again.",
        )


class PageTokenExpired(GraphFailure):
    """The way to the next page is gone."""


def refusal(answer: Answer, *, following: bool) -> GraphFailure:
    """Return the failure that a refused page is; only a page after the first can have an expired token."""
    if following and _page_token_expired(answer):
        return PageTokenExpired(
            f"The service no longer knows the next page of {place(answer.request)}.", "Read the collection again."
        )
    return Refused(answer)


def place(request: str) -> str:
    """Return what a request is about, without its query: page tokens are long and nobody's business."""
    return visible(request.partition("?")[0])


def _page_token_expired(answer: Answer) -> bool:
    if answer.status == 410:
        return True
    said = problem(answer)
    return answer.status == 400 and (
        said.code.lower() in _EXPIRED_CODES or any(words in said.message.lower() for words in _EXPIRED_WORDS)
    )
