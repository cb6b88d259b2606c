"""Strict JSON: bytes become a value of the wanted type, or a reason why they are none."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar

import msgspec

_Value = TypeVar("_Value", covariant=True)
_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u([dD][89a-fA-F]..)|.)", re.DOTALL)
_REPLACEMENT = rb"\ufffd"


class PageError(ValueError):
    """An answer that cannot be read as what it should be, and where it stands if that is known."""

    def __init__(self, reason: str, where: str | None = None) -> None:
        """Keep the place apart from the reason, for the sentence that is made of both."""
        super().__init__(reason)
        self.where = where


class JsonDecoder(Protocol[_Value]):
    """What turns JSON into one type."""

    def decode(self, buf: bytes, /) -> _Value:
        """Return the value, or raise."""
        ...


def decoded(decoder: JsonDecoder[_Value], raw: bytes | msgspec.Raw) -> _Value:
    """Return the value; halves of characters in it become U+FFFD, so that one name cannot hide a whole list."""
    try:
        return decoder.decode(bytes(raw))
    except msgspec.ValidationError as error:
        raise PageError(str(error)) from error
    except msgspec.DecodeError as error:
        whole = _ESCAPE.sub(_without_half, bytes(raw))
        if whole == raw:
            raise PageError(str(error)) from error
        return decoded(decoder, whole)
    except UnicodeDecodeError as error:
        raise PageError(f"it is not UTF-8 ({error.reason})") from error
    except RecursionError as error:
        raise PageError("it nests too deeply to be an answer of the service") from error


def _without_half(escape: re.Match[bytes]) -> bytes:
    """Return an escape sequence as it is, or the replacement character for one half of a pair."""
    return escape[0] if escape[1] is None else _REPLACEMENT
