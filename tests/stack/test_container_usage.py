"""The usage and the limits of a container, as its engine and a shell in it report them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support.stack.docker.container import Container
from support.stack.docker.part_cores import cores_of_container
from support.stack.docker.part_disk import EVERY_NS, PartDisk


class Docker:
    """A container whose commands run on this host. Its volume can't be read where it is mounted."""

    id = "f00"

    def __init__(
        self, place: Path | None = None, answer: tuple[bytes, bytes] | None = None
    ) -> None:
        source = str(place) if place else "/nowhere"
        self.attrs: dict[str, Any] = {
            "Mounts": [{"Destination": "/data", "Source": source}],
            "State": {"Running": True, "Pid": 0, "StartedAt": "today"},
            "HostConfig": {},
        }
        self.asked, self._answer = 0, answer
        self.client = self
        self.api = self
        self.cpu_ns = 0

    def reload(self) -> None:
        pass

    def info(self) -> dict[str, int]:
        return {"NCPU": 8}

    def stats(self, _id: str, **_more: bool) -> dict[str, Any]:
        self.cpu_ns += 10**9
        usage = {"usage": 2_000_000, "stats": {"inactive_file": 500_000}}
        return {"memory_stats": usage, "cpu_stats": {"cpu_usage": {"total_usage": self.cpu_ns}}}

    def exec_run(
        self, command: Sequence[str], *, demux: bool, environment: dict[str, str]
    ) -> tuple[int, tuple[bytes, bytes]]:
        assert demux
        self.asked += 1
        if self._answer is not None:
            return 0, self._answer
        done = subprocess.run(command, capture_output=True, env={**os.environ, **environment})
        return done.returncode, (done.stdout, done.stderr)


def test_the_disk_is_read_from_the_volume_where_it_may_be(tmp_path: Path) -> None:
    (tmp_path / "segment").write_bytes(b"x" * 100_000)
    docker = Docker(tmp_path)
    assert (PartDisk().read(docker, ("/data",)) or 0) >= 100_000
    assert docker.asked == 0


def test_else_the_container_looks_without_what_kafka_is_about_to_remove(tmp_path: Path) -> None:
    for name in ("load-0", "old-0.5e3e9b0b-delete"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "segment").write_bytes(b"x" * 500_000)
    docker, disk = Docker(), PartDisk()
    assert 500_000 <= (disk.read(docker, (str(tmp_path),)) or 0) < 600_000
    assert disk.read(docker, (str(tmp_path),))
    assert docker.asked == 1


@pytest.mark.parametrize(
    ("output", "errors", "size"),
    [
        (b"12\t/data/a\n20\ttotal\n0m0.01s 0m0.02s\n0m1.25s 0m0.50s\n", b"", 20 * 1024),
        (b"20\ttotal\n0m0,01s 0m0,02s\n", b"du: 'x': No such file", 20480),
        (b"20\ttotal\n0m0.0s 0m0.0s\n", b"du: cannot read '/data/a': Permission denied\n", None),
        (b"0\ttotal\n0m0.0s 0m0.0s\n", b"", None),
        (b"", b"sh: du: not found\n", None),
    ],
)
def test_what_du_says_is_believed_when_it_saw_all(
    output: bytes, errors: bytes, size: int | None
) -> None:
    assert PartDisk().read(Docker(answer=(output, errors)), ("/data",)) == size


def test_the_time_of_looking_is_not_the_broker_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = b"20\ttotal\n0m0.100s 0m0.050s\n0m0.200s 0m0.050s\n"
    docker = Docker(answer=(output, b""))
    container = Container("kafka", lambda: docker, tmp_path / "log")
    moment = [10 * EVERY_NS]
    monkeypatch.setattr("support.clock.now_ns", lambda: moment[0])
    looks = []
    for _ in range(3):
        usage = container.usage(("/data",))
        assert usage is not None
        looks.append(usage.cpu_s)
        moment[0] += EVERY_NS + 1
    assert docker.asked == 3
    # By the engine a second each, of which 0.4 were spent on looking before.
    assert looks == pytest.approx([1.0, 1.6, 2.2])


@pytest.mark.parametrize(
    ("limits", "cores"),
    [
        ({}, 8),
        ({"NanoCpus": 1_500_000_000}, 1.5),
        ({"CpuQuota": 200_000, "CpuPeriod": 50_000}, 4),
        ({"CpuQuota": 200_000, "CpuPeriod": 0}, 2),
        ({"CpuQuota": -1, "CpusetCpus": "0-1,7"}, 3),
        ({"NanoCpus": 2_000_000_000, "CpusetCpus": "3"}, 1),
        ({"CgroupParent": "/kubepods/burstable"}, None),
    ],
)
def test_a_container_may_use_what_its_owner_gave_it(
    limits: dict[str, Any], cores: float | None
) -> None:
    docker = Docker()
    docker.attrs["HostConfig"] = limits
    assert cores_of_container(docker, 8) == cores
