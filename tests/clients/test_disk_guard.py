"""The guard limits a load that is out of control, and no other one."""

from __future__ import annotations

import pytest

from support.clients.disk_guard import TOPIC_BYTES, guarded
from support.experiment.benchmark import MEAN_BYTES
from support.generate.payload import payloads


@pytest.mark.parametrize("partitions", [1, 3, 50])
def test_all_partitions_together_have_the_cap(partitions: int) -> None:
    given = {"partitions": str(partitions), "retention.bytes": "-1"}
    assert int(guarded(given)["retention.bytes"]) == TOPIC_BYTES // partitions
    assert guarded({"partitions": str(partitions)}) == guarded(given)


def test_a_lower_cap_is_the_setting_under_test_and_stays() -> None:
    assert guarded({"retention.bytes": "1000"})["retention.bytes"] == "1000"
    assert guarded({"retention.bytes": "0"})["retention.bytes"] == "0"
    assert int(guarded({"retention.bytes": str(1 << 50)})["retention.bytes"]) == TOPIC_BYTES


def test_twice_the_largest_load_fits() -> None:
    assert 2 * MEAN_BYTES * 895_000 < TOPIC_BYTES
    assert payloads(1).mean_bytes() < MEAN_BYTES
