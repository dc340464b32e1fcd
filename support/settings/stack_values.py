"""Values of a stack file: their types, `${NAME}` of the environment, and paths."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.errors import SettingsError
from support.settings.toml_source import TomlSource
from support.settings.values import Bytes, path_of

VARIABLE = re.compile(r"\$(\$)?\{([^{}]*)\}")
NAME = re.compile(r"[A-Za-z_]\w*")
SECRET = re.compile(r"passw|secret|token|jaas|credential", re.IGNORECASE)
IN_URL = re.compile(r"://[^/:@\s]*:[^@\s]+@")
"""A password in a URL."""

KINDS: Mapping[type[Any], tuple[str, tuple[type[Any], ...]]] = {
    bool: ("true or false", (bool,)),
    int: ("a whole number", (int,)),
    float: ("a number", (int, float)),
    Bytes: ('a size such as "5GB"', (str, int)),
    Path: ('a path in "quotes"', (str,)),
    str: ('a text in "quotes"', (str,)),
}
SEEN = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


class Values:
    """Turns the values of one file into the texts that `-D` takes."""

    def __init__(self, source: TomlSource, environment: Mapping[str, str]) -> None:
        """`environment`: the variables that `${NAME}` can mean."""
        self._source, self._environment = source, environment
        self.literal_secrets: list[str] = []
        """The places of passwords that stand in the file itself."""

    def text(self, names: tuple[str, ...], value: object, hint: Any) -> str:
        """Returns the text of a value whose setting has the type `hint`.

        `names`: its tables and its key. Raises SettingsError for another type, and for a variable
        that is not set.
        """
        kind = kind_of(hint)
        wanted, accepted = KINDS.get(kind, KINDS[str])
        # In Python True is a whole number as well.
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong_type(names, value, wanted)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if not isinstance(value, str):
            return str(value)
        text = self.expanded(names, value)
        if kind is Bytes and not _is_size(text):
            raise self.wrong_type(names, value, wanted)
        return self.from_here(names, text) if kind is Path else text

    def joined(self, names: tuple[str, ...], value: object) -> str:
        """Returns a text, or a list of texts separated by commas."""
        if not isinstance(value, list):
            return self.text(names, value, str)
        if not value or not all(isinstance(each, str) for each in value):
            raise self.wrong_type(names, value, "a list of texts")
        return ",".join(self.expanded(names, each) for each in value)

    def expanded(self, names: tuple[str, ...], value: str) -> str:
        """Returns the text with the values of its variables; `$${` stands for `${` itself."""
        bare = VARIABLE.sub("", value)
        named = SECRET.search(names[-1]) and value and bare == value
        if named or IN_URL.search(bare):
            self.literal_secrets.append(f"[{'.'.join(names[:-1])}] {names[-1]}")

        def variable(found: re.Match[str]) -> str:
            if found[1]:
                return found[0][1:]
            return self._variable(names, found[2])

        return VARIABLE.sub(variable, value)

    def _variable(self, names: tuple[str, ...], name: str) -> str:
        where = f"{self._source.at(*names)}: {names[-1]}"
        if not NAME.fullmatch(name):
            raise SettingsError(
                f"{where} contains ${{...}} without the name of a variable.",
                wanted="${NAME}; $${ for the characters ${ themselves",
            )
        value = self._environment.get(name, "")
        if not value:
            state = "empty" if name in self._environment else "not set"
            raise SettingsError(
                f"{where} needs the environment variable {name}, which is {state}.",
                then=f"export {name}=...",
            )
        return value

    def from_here(self, names: tuple[str, ...], path: str) -> str:
        """Returns a path, which is relative to the folder of the file, as an absolute one."""
        if not path:
            return path
        found = path_of(path, f"{self._source.at(*names)}: {names[-1]}")
        return str(self._source.path.absolute().parent / found)

    def wrong_type(self, names: tuple[str, ...], value: object, wanted: str) -> SettingsError:
        """Returns the error about a value, without the value: it may be a password."""
        seen = SEEN.get(type(value), "a list" if isinstance(value, list) else "a table")
        return SettingsError(
            f"{self._source.at(*names)}: {names[-1]} has the wrong type.", seen=seen, wanted=wanted
        )


def _is_size(text: str) -> bool:
    try:
        return Bytes.parse(text) >= 0
    except (ValueError, KeyError, OverflowError):
        return False


def kind_of(hint: Any) -> type[Any]:
    """Returns the type of a setting: Path for `Path | None`."""
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] or [hint]
    kind: type[Any] = kinds[0]
    return kind
