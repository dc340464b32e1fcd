"""Java's regular expressions as connectors use them: matched as a whole, replaced as a whole."""

from __future__ import annotations

import re

from support.errors import StackError

_REFERENCE = re.compile(r"\\(.)|\$(?:(\d+)|\{(\w+)\})|([^\\$]+)", re.DOTALL)
_TOKEN = re.compile(r"\\.|\[\^?\]?|&&|.", re.DOTALL)
"""A `]` at the beginning of a class is a character in it."""
_OTHER_ESCAPES = {
    r"\0": "an octal number",
    r"\v": "vertical space",
    r"\Z": "the end before a line terminator",
    r"\N": "a character by its name",
}
"""Escapes that both languages have, with different meanings -> the meaning in Java."""
_JAVA_GROUP = re.compile(r"\(\?<(?=[A-Za-z])")


def java_pattern(setting: str, expression: str, *, any_case: bool = False) -> re.Pattern[str]:
    """Returns the compiled expression of a setting.

    As in Java, letters beyond ASCII are no word characters, and their case matters always. Raises
    StackError with the setting's name if Python can't read the expression, or would read it as
    something else.
    """
    differing = _read_differently(expression)
    if differing:
        raise _unreadable(setting, expression, differing)
    # Java writes (?<name>...) where Python writes (?P<name>...).
    written = _JAVA_GROUP.sub("(?P<", expression)
    try:
        return re.compile(written, re.ASCII | (re.IGNORECASE if any_case else 0))
    except (re.error, ValueError) as error:
        raise _unreadable(setting, expression, str(error)) from error


def _read_differently(expression: str) -> str:
    """Returns what Java and Python read differently in an expression; empty if there is nothing."""
    in_class = False
    for token in _TOKEN.findall(expression):
        if token in _OTHER_ESCAPES:
            return f"{token} is {_OTHER_ESCAPES[token]} in Java"
        if in_class and token == "&&":
            return "&& in a class is an intersection in Java"
        if in_class and token.startswith("["):
            return "[ in a class begins another class in Java"
        in_class = token.startswith("[") or (in_class and token != "]")
    return ""


def _unreadable(setting: str, expression: str, why: str) -> StackError:
    return StackError(
        f"The regular expression in {setting} can't be read.",
        seen=f"{expression}: {why}",
        wanted="an expression that Java and Python read alike",
    )


def patterns(setting: str, joined: str) -> tuple[re.Pattern[str], ...]:
    r"""Returns the expressions of a list that Debezium reads: separated by commas, matched in
    upper and lower case; a comma inside an expression is written as `\,`."""
    parts = re.findall(r"(?:\\.|[^,\\])+", joined, re.DOTALL)
    expressions = [part.strip().replace("\\,", ",") for part in parts]
    return tuple(java_pattern(setting, each, any_case=True) for each in expressions if each)


def replaced(pattern: re.Pattern[str], replacement: str, text: str) -> str | None:
    """Returns the replacement of a text that the pattern matches as a whole; None if it does not.

    `$1` and `${name}` stand for groups, a backslash escapes the next character.
    """
    found = pattern.fullmatch(text)
    if found is None:
        return None
    return "".join(
        part[1] or part[4] or _group(found, part[2], part[3])
        for part in _REFERENCE.finditer(replacement)
    )


def _group(found: re.Match[str], number: str | None, name: str | None) -> str:
    if name is not None:
        return found[name] or ""
    digits, groups = number or "0", len(found.groups())
    # As Java: the longest number that is a group; what follows is text.
    end = next((n for n in range(len(digits), 1, -1) if int(digits[:n]) <= groups), 1)
    return (found[int(digits[:end])] or "") + digits[end:]
