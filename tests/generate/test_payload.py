"""Payloads are envelopes of the right size, and every kind of damage to them is detected."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from support.generate.payload import LARGEST, POOL, SMALLEST, Payloads, record_of
from support.record.schedule import Segment, all_intended_ns, judged_range

PAYLOADS = Payloads(seed=1)


def test_values_are_debezium_envelopes_of_1_to_10_kb() -> None:
    values = [PAYLOADS.value(record) for record in range(POOL)]
    documents = [json.loads(value) for value in values]
    assert SMALLEST * 0.95 <= min(map(len, values)) < 2_000
    assert 9_000 < max(map(len, values)) <= LARGEST
    assert all({"before", "after", "source", "op", "ts_ms"} <= set(d) for d in documents)
    assert {d["source"]["table"] for d in documents} == {"videos", "users", "comments"}
    assert set(Counter(d["op"] for d in documents)) == {"c", "u", "d"}
    assert all((d["before"] is None) == (d["op"] == "c") for d in documents)
    assert all((d["after"] is None) == (d["op"] == "d") for d in documents)


def test_every_image_carries_the_id_of_its_record() -> None:
    for record in (0, 7, 894_999):
        document = json.loads(PAYLOADS.value(record))
        images = [image for image in (document["before"], document["after"]) if image]
        assert {image["id"] for image in images} == {record}


def test_the_seed_decides_the_bytes() -> None:
    assert Payloads(seed=1).value(3) == PAYLOADS.value(3)
    assert Payloads(seed=2).value(3) != PAYLOADS.value(3)


@given(st.integers(0, 10**9))
def test_a_key_holds_its_record_and_a_value_is_intact_for_that_record_only(record: int) -> None:
    assert record_of(PAYLOADS.key(record)) == record
    assert PAYLOADS.is_intact(record, PAYLOADS.value(record))
    assert not PAYLOADS.is_intact(record + 1, PAYLOADS.value(record))


@given(st.integers(0, 10**6), st.data())
def test_a_single_changed_byte_is_detected(record: int, data: st.DataObject) -> None:
    value = bytearray(PAYLOADS.value(record))
    at = data.draw(st.integers(0, len(value) - 1))
    value[at] ^= data.draw(st.integers(1, 255))
    assert not PAYLOADS.is_intact(record, bytes(value))


def test_foreign_keys_have_no_record_and_foreign_values_are_not_intact() -> None:
    assert record_of(None) == record_of(b"") == record_of(b'{"id":x}') == record_of(b"7") == -1
    assert not PAYLOADS.is_intact(0, None)
    assert not PAYLOADS.is_intact(-1, PAYLOADS.value(0))
    assert not PAYLOADS.is_intact(POOL, PAYLOADS.value(0))
    assert not PAYLOADS.is_intact(0, b"{}")
    assert not PAYLOADS.is_intact(0, PAYLOADS.value(0)[:-1])


@given(st.integers(1, 100_000), st.integers(1, 5_000))
def test_intended_times_follow_the_rate_without_accumulating_error(rate: int, count: int) -> None:
    moments = all_intended_ns(17, (Segment(rate, count),))
    last = count - 1
    assert 0 <= (last * 10**9 / rate) - (moments[last] - 17) < 1.001


def test_segments_follow_each_other_without_a_pause() -> None:
    segments = (Segment(10, 5, judged=False), Segment(100, 3), Segment(10, 2, judged=False))
    moments = [m // 10**6 for m in all_intended_ns(0, segments).tolist()]
    assert moments == [0, 100, 200, 300, 400, 500, 510, 520, 530, 630]
    assert judged_range(segments) == (5, 8)


def test_an_unpaced_segment_is_due_at_once() -> None:
    assert all_intended_ns(9, (Segment(0, 3),)).tolist() == [9, 9, 9]
    assert judged_range((Segment(0, 3),)) == (0, 3)
