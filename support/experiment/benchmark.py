"""Benchmark loads: with a warm-up, and with samples of the stack's resources."""

from __future__ import annotations

import shutil
from datetime import timedelta

from support import clock
from support.errors import Inconclusive
from support.experiment.experiment import Experiment
from support.experiment.load import Load
from support.experiment.needs import a_replay
from support.experiment.watching import StackWatch
from support.record.load import WarmUp
from support.record.schedule import UNPACED, Segment

WARM_UP_LONGEST_S, WINDOW_S = 60, 3
STEADY_RATE_PER_S, BEFORE_S, AFTER_S = 1000, 5, 12
"""The steady load before and after a burst."""

MEAN_BYTES = 5_700
"""Mean size of a record (key and value), rounded up."""

LEAST_S, LONG, LEAST_LONG_S = 5, timedelta(minutes=2), 25
"""The least seconds of a scaled load, and those of one whose full length is LONG or more, which
needs them for a slope."""


def run_steady(load: Load, rate_per_s: int, duration: timedelta) -> None:
    """Warms up, then sends at one rate for `duration` (scaled)."""
    long = duration >= LONG
    seconds = load.experiment.scaled(duration.total_seconds(), LEAST_LONG_S if long else LEAST_S)
    run_watched(load, (Segment(rate_per_s, rate_per_s * seconds),), _warm_up(load.experiment))
    load.settle(shows_trend=long)


def run_burst(load: Load, rate_per_s: int, duration: timedelta) -> None:
    """Sends steady load, a burst of `duration` (scaled) and steady load again, without a pause."""
    seconds = load.experiment.scaled(duration.total_seconds(), 2)
    steady = STEADY_RATE_PER_S
    segments = (
        Segment(steady, steady * BEFORE_S, judged=False),
        Segment(rate_per_s, rate_per_s * seconds),
        Segment(steady, steady * AFTER_S, judged=False),
    )
    run_watched(load, segments, _warm_up(load.experiment))
    load.settle()


def replay(load: Load, count: int) -> None:
    """Sends `count` (scaled) records as fast as possible.

    Raises Inconclusive when the disk is too small, Unavailable on a stack of others without
    their permission.
    """
    experiment = load.experiment
    settings = experiment.settings
    a_replay(experiment.stack, settings)
    total = experiment.scaled(count, 100_000)
    needed = total * MEAN_BYTES + settings.stop_free_disk
    free = shutil.disk_usage(settings.home).free
    if free < needed:
        raise Inconclusive(
            f"The disk is too small for a replay of {total} records.",
            seen=f"{free / 1e9:.1f} GB free",
            wanted=f"{needed / 1e9:.1f} GB",
            then="free some space, or replay fewer records with -D scale=0.1",
        )
    run_watched(load, (Segment(UNPACED, total),), None)
    load.settle()


def run_watched(load: Load, segments: tuple[Segment, ...], warm_up: WarmUp | None) -> None:
    """Sends a load to its end while the stack's resources are sampled."""
    seconds = sum(segment.length_ns for segment in segments) / clock.NS_PER_S
    load.start(segments, warm_up)
    watch = StackWatch(load.experiment, load.running.pid)
    watch.start()
    began = clock.now_ns()
    load.follow("sending", load.running.finished, seconds + 600)
    watch.stop(seconds or (clock.now_ns() - began) / clock.NS_PER_S)


def _warm_up(experiment: Experiment) -> WarmUp:
    scale = min(1.0, experiment.settings.scale)
    window, longest = max(2.0, WINDOW_S * scale), max(10.0, WARM_UP_LONGEST_S * scale)
    return WarmUp(experiment.create_topic("warm-up"), window, longest)
