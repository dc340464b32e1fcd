"""The resources that a process of this host uses, with its children, and its limit of cores."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from support.clients.cores import cores_of_process

GOING = ("-delete", ".deleted")
"""Suffixes of folders of partitions and of segments that Kafka removes a minute later: for
clients they are gone already."""


@dataclass(frozen=True)
class Usage:
    """Memory in bytes, CPU time so far in seconds, size of the data folder in bytes (None without
    one), and the number of cores that it may use (None if it is not known).

    `incarnation`: the process id, or the time at which a container was started.
    """

    incarnation: int | str
    memory_bytes: int
    cpu_s: float
    disk_bytes: int | None = None
    cores: float | None = None


def usage_of_process(pid: int, folder: Path | None = None) -> Usage | None:
    """The usage of a process and its children; None if it has ended.

    Memory that several of them share counts once. The CPU time of children that ended counts as
    their parent's.
    """
    try:
        root = psutil.Process(pid)
        children = root.children(recursive=True)
        memory, cpu_s = _memory(root, alone=not children), _cpu_s(root)
    except psutil.NoSuchProcess:
        return None
    for child in children:
        with suppress(psutil.NoSuchProcess):
            memory, cpu_s = memory + _memory(child, alone=False), cpu_s + _cpu_s(child)
    # Without memory it is a zombie: its parent has not yet read its exit code.
    if not memory:
        return None
    disk = disk_usage(folder) if folder else None
    return Usage(pid, memory, cpu_s, disk, cores_of_process(pid))


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)


def _memory(process: psutil.Process, *, alone: bool) -> int:
    """The RSS of a single process. For one of several the PSS, which divides shared pages among
    them, or the RSS if the system does not report the PSS."""
    if alone:
        return int(process.memory_info().rss)
    try:
        return int(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return int(process.memory_info().rss)


def disk_usage(folder: Path) -> int:
    """The bytes that the files below `folder` occupy, without those that Kafka is about to remove.

    Files that vanish meanwhile do not count.
    """
    total = 0
    # Not rglob: it fails if a folder vanishes meanwhile.
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.endswith(GOING)]
        for name in names:
            if not name.endswith(GOING):
                with suppress(OSError):
                    total += (Path(place) / name).lstat().st_blocks * 512
    return total
