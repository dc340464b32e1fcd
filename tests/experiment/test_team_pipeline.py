"""How long the pipeline of others is watched at most."""

from __future__ import annotations

import pytest

from support.experiment.team_pipeline import flush_s, needed_s


@pytest.mark.parametrize(
    ("heartbeats_ms", "flush", "seconds"),
    [
        ([], 60, 70),
        ([0, None], 60, 70),
        ([5000], 60, 80),
        ([60_000], 60, 190),
        ([86_400_000], 60, 190),
        ([0], 86_400, 190),
    ],
)
def test_settings_of_others_do_not_make_a_run_endless(
    heartbeats_ms: list[int | None], flush: float, seconds: float
) -> None:
    assert needed_s(heartbeats_ms, flush) == seconds


@pytest.mark.parametrize(
    ("interval", "seconds"), [(None, 60), ("300000", 300), ("2000", 60), ("${env:X}", 60)]
)
def test_the_flush_of_offsets_is_the_worker_s_where_it_is_known(
    interval: str | None, seconds: float
) -> None:
    worker = {} if interval is None else {"offset.flush.interval.ms": interval}
    assert flush_s(worker) == seconds
