"""What a process of this host uses, with its children, and what it may use."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from support.clients.cores import cores_of_process

GOING = ("-delete", ".deleted")
"""How Kafka marks the folder of a partition, and the file of a segment, that it removes a minute
later: they are gone for everybody but the file system."""


@dataclass(frozen=True)
class Usage:
    """Memory in bytes and processor time in seconds so far of one `incarnation` (a process id, or
    when a container was started); bytes of its data folder, None without one; how many cores it
    may use, None where that is not known."""

    incarnation: int | str
    memory_bytes: int
    cpu_s: float
    disk_bytes: int | None = None
    cores: float | None = None


def usage_of_process(pid: int, folder: Path | None = None) -> Usage | None:
    """None when it has ended. Memory that several of its processes share counts once; the time of
    children that ended is their parent's."""
    try:
        root = psutil.Process(pid)
        children = root.children(recursive=True)
        memory, cpu_s = _memory(root, alone=not children), _cpu_s(root)
    except psutil.NoSuchProcess:
        return None
    for child in children:
        with suppress(psutil.NoSuchProcess):
            memory, cpu_s = memory + _memory(child, alone=False), cpu_s + _cpu_s(child)
    # Without memory it has ended, and its parent has not yet asked for its exit code.
    if not memory:
        return None
    disk = disk_usage(folder) if folder else None
    return Usage(pid, memory, cpu_s, disk, cores_of_process(pid))


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)


def _memory(process: psutil.Process, *, alone: bool) -> int:
    """RSS of a process that is alone; of several the PSS, in which each has its part of a page
    that they share, or RSS where the system does not tell it."""
    if alone:
        return int(process.memory_info().rss)
    try:
        return int(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return int(process.memory_info().rss)


def disk_usage(folder: Path) -> int:
    """Bytes that the files under `folder` occupy, without what Kafka is about to remove; files
    that vanish meanwhile don't count."""
    total = 0
    # Not rglob: it ends with an error when a folder vanishes while it walks.
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.endswith(GOING)]
        for name in names:
            if not name.endswith(GOING):
                with suppress(OSError):
                    total += (Path(place) / name).lstat().st_blocks * 512
    return total
