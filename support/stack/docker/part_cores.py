"""The number of cores that a container may use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.clients.cores import PERIOD_US, cores_of_process, count_of_set


def cores_of_container(found: Any, engine_cores: int) -> float | None:
    """The minimum of the engine's cores, its set of CPUs, its quota, and the limits of its process.

    The limits of its process are known only if the process runs on this host. Otherwise, None if
    the container is in a parent cgroup (`--cgroup-parent`): that may have a lower limit.
    """
    config = found.attrs["HostConfig"]
    limits = [float(engine_cores)] if engine_cores else []
    if config.get("CpusetCpus"):
        limits.append(float(count_of_set(config["CpusetCpus"])))
    if config.get("NanoCpus"):
        limits.append(config["NanoCpus"] / 1e9)
    if (config.get("CpuQuota") or 0) > 0:
        limits.append(config["CpuQuota"] / (config.get("CpuPeriod") or PERIOD_US))
    here = _cores_here(found)
    if here is not None:
        limits.append(here)
    elif config.get("CgroupParent"):
        return None
    return min(limits, default=None)


def _cores_here(found: Any) -> float | None:
    """The cores that its process may use; None if the process does not run on this host."""
    pid = int(found.attrs["State"].get("Pid") or 0)
    try:
        groups = Path(f"/proc/{pid}/cgroup").read_text()
    except OSError:
        return None
    return cores_of_process(pid) if pid and found.id in groups else None
