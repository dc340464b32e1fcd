"""The types of settings, and how they are read from text."""

from __future__ import annotations

import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.errors import SettingsError

PREFIX = "KAFKA_VALIDATION_"
"""The prefix of a setting in the environment."""

UNITS = {
    "": 1,
    "b": 1,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "k": 1000,
    "m": 1000**2,
    "g": 1000**3,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
}


class Bytes(int):
    """A size in bytes."""

    @classmethod
    def parse(cls, text: str) -> Bytes:
        """A size from `5GB`, `512MiB` or a plain number. Raises ValueError or KeyError."""
        number = text.strip().rstrip("bBkKmMgGiI")
        unit = text.strip()[len(number) :].lower()
        size = int(float(number) * UNITS[unit])
        if size < 0:
            raise ValueError(text)
        return cls(size)


class Secret(str):
    """A text that is never recorded and never printed."""

    def __repr__(self) -> str:
        return "'***'" if self else "''"


def quotable(text: str) -> str:
    """Returns an address for an error's message; empty if it may contain a login or a token."""
    return "" if any(sign in text for sign in "@?#") else text


def path_of(text: str, what: str) -> Path:
    """Returns a path with its ~ replaced.

    `what`: the beginning of the error's message. Raises SettingsError for a ~ without a home
    folder, and for a character that no path contains.
    """
    if "\0" in text:
        raise SettingsError(f"{what} is not a path.", seen="a NUL character (\\u0000) in it")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(
            f"{what} is not a path of this host.",
            seen=text,
            cause="~ or ~USER, and this host knows no home folder of that user",
            then="write the whole path",
        ) from None


WANTED = {
    int: "a whole number",
    float: "a number",
    Bytes: "a size such as 5GB",
    bool: "yes or no",
}


def convert(key: str, text: str, hint: Any) -> Any:
    """The value of a setting whose type is `hint`. Raises SettingsError for other text."""
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] or [hint]
    kind = kinds[0]
    parse: Callable[[str], Any] = {Bytes: Bytes.parse, bool: _yes_or_no}.get(kind, kind)
    if kind is Path:
        return path_of(text, f"The setting {key}")
    try:
        return parse(text)
    except (ValueError, KeyError, OverflowError):
        raise SettingsError(
            f"The setting {key} has the wrong type.",
            seen=repr(text),
            wanted=WANTED.get(kind, kind.__name__),
            then=f"give it as -D {key}=VALUE or {PREFIX}{key.upper()}=VALUE",
        ) from None


def _yes_or_no(text: str) -> bool:
    return {"yes": True, "no": False}[text.strip().lower()]
