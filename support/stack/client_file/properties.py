"""Reads a file of client settings: librdkafka's, as kcat reads it, or Java's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from support.errors import SettingsError
from support.java_properties import NotAProperty, numbered_properties
from support.stack.client_file.java_names import ONLY_JAVA

JAVA_LINE = re.compile(rf"^\s*(?:{'|'.join(map(re.escape, ONLY_JAVA))})[ \t]*[=: \t]", re.MULTILINE)
VARIABLE = re.compile(r"\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)\}")
ADVICE = "-D client_config=FILE, a file of lines KEY=VALUE such as kcat -F reads"
KEY = re.compile(r"[a-z0-9._-]+")
"""Anything else in the place of a key may be a part of a secret."""


@dataclass(frozen=True)
class ClientFile:
    """The settings in a file, and the number of the line of each."""

    settings: Mapping[str, str]
    lines: Mapping[str, int]


def read_client_file(path: Path, environment: Mapping[str, str]) -> ClientFile:
    """The settings in a file, with `${NAME}` replaced by the environment's variable NAME.

    A file with a name that only Java's clients know is read by Java's rules: a backslash escapes,
    and joins lines at their ends; a colon or a blank may stand for the equals sign. In any other
    file these are characters like others. Raises SettingsError, without a part of a line, for a
    file that can't be read, and for an unset variable.
    """
    try:
        # Some editors begin a file with a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(
            "The file of client_config can't be read.", seen=f"{path}: {reason}", then=ADVICE
        ) from None
    read = numbered_properties if JAVA_LINE.search(text) else _librdkafka
    settings, lines = dict[str, str](), dict[str, int]()
    try:
        for number, key, value in read(text):
            if not KEY.fullmatch(key):
                raise NotAProperty(number)
            settings[key], lines[key] = _expanded(key, value, environment), number
    except NotAProperty as error:
        raise SettingsError(
            f"Line {error.line} of {path} is not KEY=VALUE.", wanted="KEY=VALUE, or # comment"
        ) from None
    return ClientFile(settings, lines)


def _librdkafka(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        key, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip() or key.startswith("#"):
            continue
        if not equals or not key:
            raise NotAProperty(number)
        yield number, key, value


def _expanded(key: str, value: str, environment: Mapping[str, str]) -> str:
    def variable(found: re.Match[str]) -> str:
        try:
            return environment[found[1]]
        except KeyError:
            raise SettingsError(
                f"The environment variable {found[1]} is not set.",
                cause=f"client_config uses it in {key}",
                then=f"export {found[1]}=...",
            ) from None

    return VARIABLE.sub(variable, value)
