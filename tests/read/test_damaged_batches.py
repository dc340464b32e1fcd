"""Where a damaged stretch ends, found by attempts to read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from support.read.damaged_batches import Look, readable_from


@given(st.integers(0, 50), st.integers(1, 40), st.integers(0, 60))
def test_the_end_of_one_damaged_stretch_is_found_exactly(
    first: int, length: int, rest: int
) -> None:
    looks = []

    def look(offset: int) -> Look:
        looks.append(offset)
        assert first < offset < first + length + rest
        return Look.READ if offset >= first + length else Look.REFUSED

    assert readable_from(look, first, first + length + rest) == first + length
    assert len(looks) <= 2 * (length + 1).bit_length() + 1


def test_without_an_answer_nothing_is_claimed() -> None:
    assert readable_from(lambda _: Look.SILENT, 5, 100) is None


def test_what_is_damaged_to_the_end_ends_there() -> None:
    assert readable_from(lambda _: Look.REFUSED, 5, 9) == 9
