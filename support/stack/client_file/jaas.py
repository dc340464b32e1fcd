"""Reads `sasl.jaas.config`, the login of Java's clients, and writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

WORD = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s=;"']+)|([=;]))""", re.DOTALL
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Login:
    """A login module by its class name without the package, and its options."""

    module: str
    options: dict[str, str]


def read_login(text: str) -> Login:
    """The login in `PACKAGE.MODULE required KEY="VALUE" ...;`.

    Raises ValueError, without a part of the text, for anything else.
    """
    words = _words(text)
    if words and words[-1] == ";":
        words.pop()
    if len(words) < 2 or words[1].lower() not in ("required", "requisite", "sufficient"):
        raise ValueError("it does not begin with MODULE required")
    rest = words[2:]
    if len(rest) % 3 or any(sign != "=" for sign in rest[1::3]):
        raise ValueError('an option is not KEY="VALUE", or a semicolon is not at the end')
    options = dict(zip(rest[::3], rest[2::3], strict=True))
    return Login(words[0].rpartition(".")[2], options)


def written(module: str, options: dict[str, str]) -> str:
    """The text of a login; `module` with its package."""
    pairs = (f'{key}="{_escaped(value)}"' for key, value in options.items())
    return f"{' '.join([module, 'required', *pairs])};"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _words(text: str) -> list[str]:
    words, place, text = [], 0, text.strip()
    while place < len(text):
        found = WORD.match(text, place)
        if found is None:
            raise ValueError("a quotation mark is missing")
        quoted = found[1] if found[1] is not None else found[2]
        words.append(ESCAPED.sub(r"\1", quoted) if quoted is not None else found[3] or found[4])
        place = found.end()
    return words
