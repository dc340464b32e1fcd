"""Envelopes have an exact size, and the largest value of a Java producer is known."""

from __future__ import annotations

import json

import pytest

from support.generate.large_events import large_envelope, largest_value_of_java_producer


@pytest.mark.parametrize("size", [300, 65_536, 999_965])
def test_an_envelope_has_exactly_its_size(size: int) -> None:
    for repetitive in (False, True):
        value = large_envelope(size, repetitive=repetitive)
        assert len(value) == size
        envelope = json.loads(value)
        assert {"before", "after", "op", "source"} == set(envelope)


def test_the_largest_value_of_a_java_producer_depends_on_its_key() -> None:
    # 1,048,489 was found by experiment. A key of 11 bytes takes 11 bytes; its length is a varint
    # of one byte in both cases.
    assert largest_value_of_java_producer(1_048_576, 0) == 1_048_489
    assert largest_value_of_java_producer(1_048_576, 11) == 1_048_478


def test_the_largest_value_of_a_java_producer_depends_on_its_headers() -> None:
    # Each has two lengths of one byte, its name and its value.
    headers = [("name", b"value"), ("empty", None)]
    assert largest_value_of_java_producer(1_048_576, 0, headers) == 1_048_489 - 11 - 7
