"""Expressions that Java and Python read differently are refused by name."""

from __future__ import annotations

import pytest

from support.clients.java_regex import java_pattern, patterns
from support.errors import StackError


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        (r"s\.[a-z&&[^b]]+", "&& in a class is an intersection"),
        (r"s\.[a-f[x-z]]+", r"\[ in a class begins another class"),
        (r"s\.[\]a[b]]", r"\[ in a class begins another class"),
        (r"s\.\p{Lower}+", "bad escape"),
        (r"\Qs.a\E", "bad escape"),
        (r"s\.\0141", "octal"),
        (r"s\.a\v", "vertical space"),
        (r"s\.a\Z", "line terminator"),
        (r"\N{DIGIT ONE}", "by its name"),
        (r"(?u)s\.a", "UNICODE"),
    ],
)
def test_what_only_java_reads_so_is_refused(expression: str, why: str) -> None:
    with pytest.raises(StackError, match=why) as error:
        java_pattern("table.include.list", expression)
    assert "expression in table.include.list can't be read" in str(error.value)


@pytest.mark.parametrize(
    ("expression", "matched", "not_matched"),
    [
        (r"a&&b", "a&&b", "a"),
        (r"[]a]+", "]a", "b"),
        (r"[^]a]+", "b", "]"),
        (r"[a\]&]+", "a]&", "b"),
        (r"\[a", "[a", "a"),
        (r"a*+b", "aab", "aa"),
        (r"(?<x>a)b", "ab", "b"),
    ],
)
def test_what_both_read_alike(expression: str, matched: str, not_matched: str) -> None:
    pattern = java_pattern("topic.regex", expression)
    assert pattern.fullmatch(matched)
    assert not pattern.fullmatch(not_matched)


def test_letters_beyond_ascii_are_compared_as_java_does() -> None:
    (word, umlaut) = patterns("table.include.list", r"s\.\w+,s\.Ä")
    assert word.fullmatch("S.a1") and not word.fullmatch("s.ä")
    assert umlaut.fullmatch("S.Ä") and not umlaut.fullmatch("s.ä")
