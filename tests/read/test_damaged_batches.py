"""The end of a damaged batch is found by attempts to read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from support.read.damaged_batches import Probe, readable_from


@given(st.integers(0, 50), st.integers(1, 40), st.integers(0, 60))
def test_the_end_of_a_damaged_batch_is_found_exactly(first: int, length: int, rest: int) -> None:
    probed = []

    def probe(offset: int) -> Probe:
        probed.append(offset)
        assert first < offset < first + length + rest
        return Probe.READ if offset >= first + length else Probe.REFUSED

    assert readable_from(probe, first, first + length + rest) == first + length
    assert len(probed) <= 2 * (length + 1).bit_length() + 1


def test_the_end_is_unknown_if_a_probe_gets_no_answer() -> None:
    assert readable_from(lambda _: Probe.SILENT, 5, 100) is None


def test_a_batch_may_be_damaged_up_to_the_end_of_the_log() -> None:
    assert readable_from(lambda _: Probe.REFUSED, 5, 9) == 9
