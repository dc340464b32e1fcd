"""Errors in words: none is so short that it reads as no error."""

from __future__ import annotations

import pytest

from support.errors import StackError, words_of


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (None, ""),
        (TimeoutError(), "TimeoutError"),
        (RuntimeError("no list of processes"), "no list of processes"),
        (StackError("Kafka ended.", seen="exit code 1"), "Kafka ended.\n  seen: exit code 1"),
    ],
)
def test_an_error_without_a_message_is_named_by_its_type(
    error: Exception | None, words: str
) -> None:
    assert words_of(error) == words
