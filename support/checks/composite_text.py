"""Parses arrays and hstores as PostgreSQL writes them."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'[{},]|"((?:[^"\\]|\\.)*)"|([^{},"]+)', re.DOTALL)
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_PAIR = re.compile(rf"{_QUOTED}=>(?:{_QUOTED}|NULL)", re.DOTALL)


def array_items(text: str) -> list[object]:
    """Returns the items of an array: texts, None for NULL, and a list for each inner dimension."""
    text = text.partition("=")[2] if text.startswith("[") else text
    stack: list[list[object]] = [[]]
    for token in _TOKEN.finditer(text):
        mark, quoted, plain = token[0], token[1], token[2]
        if mark == "{":
            inner: list[object] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif mark == "}":
            stack.pop()
        elif quoted is not None:
            stack[-1].append(_unescaped(quoted))
        elif plain is not None:
            stack[-1].append(None if plain == "NULL" else plain)
    outer = stack[0][0] if stack[0] else []
    return outer if isinstance(outer, list) else []


def hstore_pairs(text: str) -> dict[str, str | None]:
    """Returns key -> value of an hstore; None for NULL."""
    return {
        _unescaped(key): None if value is None else _unescaped(value)
        for key, value in ((found[1], found[2]) for found in _PAIR.finditer(text))
    }


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
