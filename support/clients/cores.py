"""The number of cores that a process may use, by its affinity and the quotas of its cgroups."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import psutil

PERIOD_US = 100_000
"""The kernel's default period of a quota, in microseconds."""


@dataclass(frozen=True)
class Membership:
    """One line of /proc/PID/cgroup: the controllers (none for cgroup v2) and the group."""

    controllers: tuple[str, ...]
    group: PurePosixPath


@dataclass(frozen=True)
class Mount:
    """Where a hierarchy of cgroups is mounted, and which group is at its root."""

    place: Path
    root: PurePosixPath
    controllers: tuple[str, ...]


def cores_of_process(pid: int, proc: Path = Path("/proc")) -> float | None:
    """The minimum of its affinity and the quotas of its cgroups, in cores.

    None if the process has ended, or if the quota of one of its cgroups can't be read. On a system
    without affinity and cgroups (macOS) it is the number of all cores.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    if affinity is None:
        return psutil.cpu_count()
    try:
        cores = float(len(affinity(pid)))
        quotas = list(_quotas(pid, proc))
    except OSError:
        return None
    return None if None in quotas else min([cores, *(q for q in quotas if q is not None)])


def _quotas(pid: int, proc: Path) -> Iterator[float | None]:
    """The quota of every group that has one, in cores; None for a group that can't be read."""
    # The mounts of this process, whose files are read: the other one may have different mounts.
    mounts = list(_mounts((proc / "self" / "mountinfo").read_text()))
    members = list(_memberships((proc / str(pid) / "cgroup").read_text()))
    # If cgroup v1 has the controller of CPU time, v2 does not have it.
    first = [m for m in members if "cpu" in m.controllers]
    for member in first or [m for m in members if not m.controllers]:
        found = [m for m in mounts if _same_hierarchy(m, member)]
        if not found and not first and any("cpu" in m.controllers for m in mounts):
            continue
        seen = [(m, inner) for m in found if (inner := _inside(m, member.group)) is not None]
        if not seen:
            yield None
        for mount, inner in seen[:1]:
            yield from _limits(mount, inner)


def _inside(mount: Mount, group: PurePosixPath) -> tuple[str, ...] | None:
    """The path from the root of the mount to the group.

    None if the group is not visible there: it is outside of this namespace or of the mount, or it
    is gone.
    """
    if not group.is_relative_to(mount.root):
        return None
    parts = group.relative_to(mount.root).parts
    return parts if ".." not in parts and mount.place.joinpath(*parts).is_dir() else None


def _same_hierarchy(mount: Mount, member: Membership) -> bool:
    return "cpu" in mount.controllers if member.controllers else not mount.controllers


def _memberships(text: str) -> Iterator[Membership]:
    for line in text.splitlines():
        _, controllers, group = line.split(":", 2)
        if not controllers.startswith("name="):
            named = tuple(each for each in controllers.split(",") if each)
            yield Membership(named, PurePosixPath(group))


def _mounts(text: str) -> Iterator[Mount]:
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = (*after.split(" ", 2), "", "")[:3]
        if kind in ("cgroup", "cgroup2"):
            root, place = before.split(" ")[3:5]
            controllers = tuple(options.split(",")) if kind == "cgroup" else ()
            yield Mount(Path(_unescaped(place)), PurePosixPath(_unescaped(root)), controllers)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), text)


def _limits(mount: Mount, parts: tuple[str, ...]) -> Iterator[float]:
    """The quotas of the group and of the groups above it, as far as they are visible."""
    for depth in range(len(parts), -1, -1):
        folder = mount.place.joinpath(*parts[:depth])
        with suppress(FileNotFoundError, NotADirectoryError, ValueError):
            limit = _limit_v1(folder) if mount.controllers else _limit_v2(folder)
            if limit is not None:
                yield limit


def _limit_v2(folder: Path) -> float | None:
    quota, period = (*(folder / "cpu.max").read_text().split(), str(PERIOD_US))[:2]
    return None if quota == "max" else int(quota) / int(period)


def _limit_v1(folder: Path) -> float | None:
    quota = int((folder / "cpu.cfs_quota_us").read_text())
    return quota / int((folder / "cpu.cfs_period_us").read_text()) if quota > 0 else None


def count_of_set(cpus: str) -> int:
    """The number of CPUs in a list like `0-2,7`."""
    ranges = [part.partition("-") for part in cpus.split(",") if part.strip()]
    return sum(int(last or first) - int(first) + 1 for first, _, last in ranges)
