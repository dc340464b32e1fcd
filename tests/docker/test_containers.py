"""One container of a real engine: its log, usage, limits and incarnation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import docker
import pytest

from support.checks.cdc_snapshot import logged_errors
from support.experiment.snapshot import errors_of
from support.metrics.part_logs import PartLogs
from support.record.part_logs import LoggedErrors
from support.results.schema import Verdict
from support.stack.docker.container import Container
from support.waiting import wait_until
from tests.docker.conftest import of_settings


def has_quota() -> bool:
    """Whether the kernel can limit the CPU time of a group of processes."""
    files = ("cpu/cpu.cfs_quota_us", "cgroup.controllers")
    return any((Path("/sys/fs/cgroup") / name).exists() for name in files)


NAME, SOON = "kafka-validation-tried", timedelta(seconds=10)
QUOTA: dict[str, Any] = {"nano_cpus": 500_000_000} if has_quota() else {}
SAY = """
echo "[2026-01-01 00:00:00,000] INFO up (a)"
mkdir -p /data/load-0 /data/old-0.abc-delete
for each in load-0 old-0.abc-delete; do head -c 500000 /dev/zero > /data/$each/segment; done
while sleep 0.2; do [ -e /broken ] && echo "2026-01-01 00:00:01,000 ERROR  ||  it broke   [a]"; done
"""


@pytest.fixture
def found(engine: docker.DockerClient, images: tuple[str, ...]) -> Iterator[Any]:
    image = of_settings(images)["kafka_image"]
    for left in engine.containers.list(all=True, filters={"name": NAME}):
        left.remove(force=True, v=True)
    made = engine.containers.run(
        image, entrypoint=["sh", "-c", SAY], name=NAME, detach=True, user="0", **QUOTA
    )
    yield made
    made.remove(force=True, v=True)


@pytest.fixture
def container(found: Any, tmp_path: Path) -> Container:
    made = Container(NAME, lambda: found, tmp_path / "broker.log")
    wait_until(lambda: made.tail(), lambda text: "up (a)" in text, SOON, "it to say something")
    return made


def errors_in(logs: PartLogs) -> dict[str, LoggedErrors]:
    return {part: errors_of(log) for part, log in logs.read().items()}


def test_its_log_is_read_afresh(found: Any, container: Container) -> None:
    logs = PartLogs(lambda: {"broker": container.log}, ["broker"])
    assert logged_errors(errors_in(logs)).verdict is Verdict.PASS
    found.exec_run(["touch", "/broken"])
    wait_until(container.tail, lambda text: "it broke" in text, SOON, "an error to be logged")
    check = logged_errors(errors_in(logs))
    assert check.verdict is Verdict.FAIL
    assert "it broke" in check.evidence[0]


def test_what_it_uses_and_may_use(found: Any, container: Container) -> None:
    usage = container.usage(("/data",))
    assert usage is not None
    if QUOTA:
        assert usage.cores == 0.5
    assert 500_000 <= (usage.disk_bytes or 0) < 700_000


def test_a_restart_between_two_looks_is_noticed(found: Any, container: Container) -> None:
    first = container.incarnation
    assert first
    assert container.incarnation == first
    found.restart(timeout=0)
    assert container.alive()
    assert container.incarnation not in ("", first)


def test_what_is_seen_of_it_is_what_docker_says(container: Container) -> None:
    container.pause()
    assert container.seen() == "Docker reports its container as paused"
    container.resume()
    container.kill()
    assert container.seen() == "Docker reports its container as ended, exit code 137"
    assert container.incarnation == ""
