"""The envelope of an answer: just enough of its JSON to know that it is whole and how to go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from driftaudit.graph.answer import Answer, problem
from driftaudit.graph.failures import BrokenAnswer, place

_ABSENT = msgspec.Raw()
_NULL = msgspec.Raw(b"null")


class CutOff(ValueError):
    """The body is not whole; asking again may help."""


class Envelope(msgspec.Struct):
    """A page or a record; everything inside stays the bytes it is."""

    value: msgspec.Raw = _ABSENT
    error: msgspec.Raw = _ABSENT
    id: msgspec.Raw = _ABSENT
    next_link: msgspec.Raw = msgspec.field(default=_ABSENT, name="@odata.nextLink")
    old_next_link: msgspec.Raw = msgspec.field(default=_ABSENT, name="odata.nextLink")


class BatchItem(msgspec.Struct):
    """One answer inside a batch."""

    id: str
    status: int
    body: msgspec.Raw = _ABSENT
    headers: dict[str, Any] | None = None


class BatchEnvelope(msgspec.Struct):
    """The answers of a batch, in any order."""

    responses: list[BatchItem]


_envelopes = msgspec.json.Decoder(Envelope)
_batches = msgspec.json.Decoder(BatchEnvelope)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of the next one."""

    next_link: str | None


def envelope(answer: Answer) -> Envelope | None:
    """Return the envelope of an answer, None for whole JSON of another shape and for plain text."""
    if answer.headers.get("content-type", "").startswith("text/plain"):
        return None
    try:
        return _envelopes.decode(answer.body)
    except msgspec.ValidationError:
        return None
    except msgspec.DecodeError as error:
        raise CutOff(str(error)) from None


def batch_items(answer: Answer) -> list[BatchItem]:
    """Return the items of a batch's answer."""
    try:
        return _batches.decode(answer.body).responses
    except msgspec.DecodeError as error:
        raise CutOff(str(error)) from None


def page(answer: Answer, found: Envelope | None) -> Page:
    """Return what an answer with status 200 says as a page; one that is neither a list nor a record is broken."""
    if found is None:
        raise _broken(answer, "is no page: its JSON is no object")
    if _given(found.error):
        said = problem(answer)
        raise _broken(answer, f"says OK and holds an error ({said.code} {said.message})".rstrip())
    if memoryview(found.value)[:1] != b"[" and (found.value != _ABSENT or not _given(found.id)):
        raise _broken(answer, "is no page: it has neither a list of records nor an id")
    link = found.next_link if _given(found.next_link) else found.old_next_link
    return Page(_text(answer, link) if _given(link) else None)


def _text(answer: Answer, link: msgspec.Raw) -> str | None:
    try:
        return msgspec.json.decode(link, type=str) or None
    except msgspec.DecodeError:
        raise _broken(answer, "has a next page whose address is no text") from None


def _given(raw: msgspec.Raw) -> bool:
    return raw not in (_ABSENT, _NULL)


def _broken(answer: Answer, what: str) -> BrokenAnswer:
    return BrokenAnswer(f"The answer to {place(answer.request)} {what}.", "Collect again; if it stays so, report it.")
