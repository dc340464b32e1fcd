"""The cores that a process may use, by its affinity and by cgroups of both versions."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from support.clients.cores import cores_of_process, count_of_set

V1 = "31 23 0:28 / {top}/memory rw - cgroup cgroup rw,memory\n\
32 31 0:29 {root} {top}/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
V2 = "25 30 0:23 {root} {top}/unified rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Process 7 of a machine, which may run on eight cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)))
    for name in ("7", "self"):
        (tmp_path / "proc" / name).mkdir(parents=True)
    return tmp_path


def describe(machine: Path, mounts: str, groups: str, root: str = "/") -> None:
    (machine / "proc/self/mountinfo").write_text(mounts.format(top=machine, root=root))
    (machine / "proc/7/cgroup").write_text(groups)


def v1(machine: Path, group: str, quota: int, period: int = 100_000) -> None:
    folder = machine / "cpu,cpuacct" / group
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (folder / "cpu.cfs_period_us").write_text(f"{period}\n")


def v2(machine: Path, group: str, limit: str) -> None:
    folder = machine / "unified" / group
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cpu.max").write_text(f"{limit}\n")


def asked(machine: Path) -> float | None:
    return cores_of_process(7, machine / "proc")


def test_the_affinity_alone_where_nothing_else_limits(machine: Path) -> None:
    describe(machine, V1, "4:cpu,cpuacct:/\n2:memory:/somewhere\n0::/\n")
    v1(machine, "", -1)
    assert asked(machine) == 8


def test_a_quota_of_version_1_also_of_a_group_above(machine: Path) -> None:
    describe(machine, V1, "4:cpu,cpuacct:/outer/inner\n")
    v1(machine, "outer/inner", -1)
    assert asked(machine) == 8
    v1(machine, "outer", 150_000)
    assert asked(machine) == 1.5
    v1(machine, "outer/inner", 100_000, 200_000)
    assert asked(machine) == 0.5


def test_a_container_sees_its_own_group_at_the_top(machine: Path) -> None:
    describe(machine, V1, "4:cpu,cpuacct:/docker/abc\n", root="/docker/abc")
    v1(machine, "", 200_000)
    assert asked(machine) == 2


@pytest.mark.parametrize(("limit", "expected"), [("max 100000", 8), ("250000 100000", 2.5)])
def test_a_quota_of_version_2(machine: Path, limit: str, expected: float) -> None:
    describe(machine, V2, "0::/system.slice/kafka.service\n")
    v2(machine, "system.slice", "max 100000")
    v2(machine, "system.slice/kafka.service", limit)
    assert asked(machine) == expected


def test_a_group_that_can_not_be_looked_at_is_not_known(machine: Path) -> None:
    describe(machine, "", "0::/system.slice\n")
    assert asked(machine) is None
    describe(machine, "", "4:cpu,cpuacct:/outer\n")
    assert asked(machine) is None


@pytest.mark.parametrize(
    ("group", "root"),
    [
        ("/../../system.slice/kafka.service", "/"),
        ("/system.slice/kafka.service", "/docker/abc"),
        ("/gone", "/"),
        ("/", "/../.."),
    ],
)
def test_a_group_that_lies_elsewhere_is_not_without_limit(
    machine: Path, group: str, root: str
) -> None:
    describe(machine, V2, f"0::{group}\n", root)
    v2(machine, "", "max 100000")
    assert asked(machine) is None


def test_the_top_group_of_version_2_has_no_limits_to_read(machine: Path) -> None:
    describe(machine, V2, "0::/\n")
    (machine / "unified").mkdir()
    assert asked(machine) == 8


def test_another_mount_of_the_hierarchy_can_show_the_group(machine: Path) -> None:
    elsewhere = "24 30 0:23 /../.. {top}/elsewhere rw - cgroup2 cgroup2 rw\n"
    describe(machine, elsewhere + V2, "0::/kafka\n")
    v2(machine, "kafka", "150000 100000")
    assert asked(machine) == 1.5


def test_version_2_has_no_cores_to_limit_where_version_1_has_them(machine: Path) -> None:
    describe(machine, V1 + V2, "4:cpu,cpuacct:/kafka\n0::/not/to/be/seen\n")
    v1(machine, "kafka", 250_000)
    assert asked(machine) == 2.5


def test_a_process_that_ended_is_not_known() -> None:
    assert cores_of_process(2**22 - 1) is None


def test_this_very_process() -> None:
    mine = cores_of_process(os.getpid())
    assert mine is None or 0 < mine <= len(os.sched_getaffinity(0))


def test_where_there_are_neither_affinities_nor_cgroups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(psutil, "cpu_count", lambda: 10)
    assert cores_of_process(7) == 10


@pytest.mark.parametrize(("text", "count"), [("0", 1), ("0-3", 4), ("0-2,7", 4), ("", 0)])
def test_a_set_of_cpus(text: str, count: int) -> None:
    assert count_of_set(text) == count
