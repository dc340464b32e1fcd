"""Samples memory, CPU and disk of the parts of the stack, once a second."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import numpy as np

from support import clock
from support.clients.usage import Usage
from support.errors import NotInTime
from support.results.resources import ComponentUsage

PERIOD_S = 1.0
LEAST_S = PERIOD_S / 2
"""CPU time is counted in ticks of 10 ms: over a shorter interval its rate is noise."""
LAST_SAMPLE_S = 10
"""Seconds within which the last sample must end."""


@dataclass
class _Track:
    """The samples of one part; `cpu` in cores since the previous sample, `cores` as its limit."""

    memory: list[int] = field(default_factory=list)
    cpu: list[float | None] = field(default_factory=list)
    disk: list[int | None] = field(default_factory=list)
    at_ns: list[int] = field(default_factory=list)
    cores: list[float | None] = field(default_factory=list)
    runs: set[int | str] = field(default_factory=set)
    last: tuple[int | str, int, float] | None = None
    """Incarnation, monotonic ns and CPU seconds of the last sample."""


class ResourceSampler:
    """Samples in a thread from start() to stop().

    `read` returns part -> usage of the parts that run. `trouble` is the error that ended the
    sampling early.
    """

    def __init__(self, read: Callable[[], Mapping[str, Usage]]) -> None:
        self._read = read
        self._tracks: dict[str, _Track] = {}
        self._began_ns = clock.now_ns()
        self._done = Event()
        self._thread = Thread(target=self._run, name="resource-sampler", daemon=True)
        self.trouble: Exception | None = None

    def start(self) -> None:
        """Starts sampling."""
        self._began_ns = clock.now_ns()
        self._thread.start()

    def samples(self, name: str) -> int:
        """Returns how many samples of a part have been taken."""
        track = self._tracks.get(name)
        return len(track.memory) if track else 0

    def stop(self) -> dict[str, ComponentUsage]:
        """Ends sampling; returns part -> usage."""
        self._done.set()
        self._thread.join(LAST_SAMPLE_S)
        if self._thread.is_alive():
            self.trouble = NotInTime("The last sample of the resources did not end.")
        return {name: self._usage(track) for name, track in self._tracks.items() if track.memory}

    def _run(self) -> None:
        try:
            while not self._done.is_set():
                self._sample()
                self._done.wait(PERIOD_S)
            # A last sample, so that a load shorter than two periods has an interval too.
            self._sample()
        except Exception as error:  # noqa: BLE001 - kept, and makes the check INCONCLUSIVE
            self.trouble = error

    def _sample(self) -> None:
        for name, usage in self._read().items():
            self._append(self._tracks.setdefault(name, _Track()), usage)

    def _append(self, track: _Track, usage: Usage) -> None:
        now, cores = clock.now_ns(), None
        if track.last and track.last[0] == usage.incarnation and now > track.last[1]:
            elapsed = (now - track.last[1]) / clock.NS_PER_S
            first = all(each is None for each in track.cpu)
            if elapsed >= LEAST_S or first:
                cores = max(0.0, usage.cpu_s - track.last[2]) / elapsed
        track.cpu.append(cores)
        track.at_ns.append(now)
        track.memory.append(usage.memory_bytes)
        track.disk.append(usage.disk_bytes)
        track.cores.append(usage.cores)
        track.runs.add(usage.incarnation)
        track.last = (usage.incarnation, now, usage.cpu_s)

    def _usage(self, track: _Track) -> ComponentUsage:
        disk = [size for size in track.disk if size is not None]
        cpu = [cores for cores in track.cpu if cores is not None]
        return ComponentUsage(
            samples=len(track.memory),
            memory_p95_bytes=int(np.percentile(track.memory, 95, method="higher")),
            memory_max_bytes=max(track.memory),
            cpu_p95_cores=float(np.percentile(cpu, 95, method="higher")) if cpu else None,
            cpu_mean_cores=float(np.mean(cpu)) if cpu else None,
            disk_bytes=disk[-1] if disk else None,
            disk_growth_bytes=disk[-1] - disk[0] if disk else None,
            memory_series=tuple(track.memory),
            at_s=tuple(round((at - self._began_ns) / clock.NS_PER_S, 1) for at in track.at_ns),
            cpu_series=tuple(None if c is None else round(c, 3) for c in track.cpu),
            disk_series=tuple(track.disk) if disk else (),
            cores=None if None in track.cores else min(c for c in track.cores if c is not None),
            incarnations=len(track.runs),
        )


def peak_rss_bytes() -> int:
    """Returns the peak memory of this process. (ru_maxrss would start with its parent's memory.)"""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
