"""Envelopes of an exact size, and the sizes that a Java producer takes."""

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


def test_what_a_java_producer_takes_under_its_limit() -> None:
    # Without a key 1,048,489 was found by trying; a key of 11 bytes takes those and a length.
    assert largest_value_of_java_producer(1_048_576, 0) == 1_048_489
    assert largest_value_of_java_producer(1_048_576, 11) == 1_048_478
