"""Files in the format of java.util.Properties, as Kafka reads them: Latin-1 with escapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

NAMED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
SIGNS = {text: f"\\{name}" for name, text in NAMED.items()} | {"\\": "\\\\"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PAIR = re.compile(r"((?:[^\\=:\s]|\\.)*)(?:\s*[=:]|\s)(.*)", re.DOTALL)


class NotAProperty(ValueError):
    """A line that is not key=value. The message has its number only: it may hold a secret."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line} is not key=value")


def read_properties(path: Path) -> dict[str, str]:
    """The `key=value` lines of a file, which may be UTF-8. Raises ValueError for other lines."""
    text = path.read_text(encoding="utf-8")
    try:
        return parse_properties(text)
    except NotAProperty as error:
        line = text.split("\n")[error.line - 1].strip()
        raise ValueError(f"{path.name}:{error.line}: '{line}' is not key=value") from None


def parse_properties(text: str) -> dict[str, str]:
    """The `key=value` lines of a text. Raises NotAProperty for other lines."""
    return {key: value for _, key, value in numbered_properties(text)}


def numbered_properties(text: str) -> Iterator[tuple[int, str, str]]:
    """Yields number, key and value of each `key=value` line of a text.

    As in Java, a colon or a blank separates them as well. Raises NotAProperty for a line without a
    separator.
    """
    for number, line in _logical_lines(text):
        found = _PAIR.fullmatch(line)
        if found is None:
            raise NotAProperty(number)
        key, value = (_unescaped(part.strip()) for part in found.groups())
        yield number, key, value


def write_properties(path: Path, pairs: Mapping[str, str]) -> None:
    """Writes `pairs` so that Java reads exactly these keys and values, with any characters."""
    lines = (f"{_escaped(key, ' =:#!')}={_escaped(value)}\n" for key, value in pairs.items())
    path.write_text("".join(lines), encoding="ascii")


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line that is not a comment. A backslash at its end joins two."""
    begun, joined = 0, ""
    for number, natural in enumerate(text.split("\n"), 1):
        line = natural.strip()
        if not joined and (not line or line[0] in "#!"):
            continue
        begun = begun or number
        if (len(line) - len(line.rstrip("\\"))) % 2:
            joined += line[:-1]
            continue
        yield begun, joined + line
        begun, joined = 0, ""
    if joined:
        yield begun, joined


def _unescaped(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        name = found[1]
        return chr(int(name[1:], 16)) if len(name) == 5 else NAMED.get(name, name)

    plain = _ESCAPE.sub(character, text)
    # A character outside the first 65,536 is written as two \u escapes.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16")


def _escaped(text: str, also: str = "") -> str:
    escaped = "".join(_sign(character, also) for character in text)
    return f"\\{escaped}" if escaped.startswith(" ") else escaped


def _sign(character: str, also: str) -> str:
    if character in SIGNS:
        return SIGNS[character]
    if character in also:
        return f"\\{character}"
    if " " <= character <= "~":
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))
