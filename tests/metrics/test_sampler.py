"""CPU over too short an interval is not stated, unless there is no longer one."""

from __future__ import annotations

import pytest

from support import clock
from support.clients.usage import Usage
from support.clock import NS_PER_S
from support.metrics.sampler import ResourceSampler


@pytest.mark.parametrize(
    ("at_s", "expected"),
    [
        # The last sample comes 20 ms after the one before, in which a tick of 10 ms fell.
        ([0.0, 1.0, 2.0, 2.02], [None, 0.5, 0.5, None]),
        ([0.0, 1.0, 2.0, 2.6], [None, 0.5, 0.5, 0.5]),
        ([0.0, 0.1], [None, 0.5]),
    ],
    ids=["a short interval", "a long one", "the only one"],
)
def test_the_rate_of_a_short_interval_is_noise(
    monkeypatch: pytest.MonkeyPatch, at_s: list[float], expected: list[float | None]
) -> None:
    moments = [round(at * NS_PER_S) for at in at_s]
    # Half a core all the time, counted in ticks of 10 ms.
    usages = [Usage(1, 10, round(at / 2, 2)) for at in at_s]
    taken = ResourceSampler(lambda: {"broker": usages.pop(0)})
    monkeypatch.setattr(clock, "now_ns", lambda: moments.pop(0))
    for _ in at_s:
        taken._sample()
    (track,) = taken._tracks.values()
    assert [None if rate is None else round(rate, 3) for rate in track.cpu] == expected
