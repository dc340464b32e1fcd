"""What a process of this host uses, with its children."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Usage:
    """Memory in bytes and processor time in seconds so far of one `incarnation` (a process id, or
    when a container was started); bytes of its data folder, None without one."""

    incarnation: int | str
    memory_bytes: int
    cpu_s: float
    disk_bytes: int | None = None


def usage_of_process(pid: int, folder: Path | None = None) -> Usage | None:
    """None when it has ended. Memory is RSS."""
    try:
        root = psutil.Process(pid)
        memory, cpu = 0, 0.0
        for process in [root, *root.children(recursive=True)]:
            times = process.cpu_times()
            memory += process.memory_info().rss
            cpu += times.user + times.system
    except psutil.NoSuchProcess:
        return None
    # Without memory it has ended, and its parent has not yet asked for its exit code.
    return Usage(pid, memory, cpu, disk_usage(folder) if folder else None) if memory else None


def disk_usage(folder: Path) -> int:
    """Bytes that the files under `folder` occupy; files that vanish meanwhile don't count."""
    total = 0
    # Not rglob: it ends with an error when a folder vanishes while it walks.
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(place) / name).lstat().st_blocks * 512
    return total
