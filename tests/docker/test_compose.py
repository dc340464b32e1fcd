"""compose on a real Docker engine: the scenarios pass, and nothing is left."""

from __future__ import annotations

from typing import Any

import docker
import pytest

from support.stack.compose.launcher import PROJECT
from tests.contract.running import behave, latest_run
from tests.docker.scenarios import (
    MORE,
    REQUIRED,
    SMALL,
    named,
    same_shape,
    verdicts,
)


@pytest.fixture(scope="module")
def volumes_before(engine: docker.DockerClient) -> set[str]:
    return {volume.name for volume in engine.volumes.list()}


@pytest.fixture(scope="module")
def compose_run(
    images: tuple[str, ...], volumes_before: set[str]
) -> tuple[int, str, dict[str, Any]]:
    """Exit code, output and run.json of a run on compose."""
    more = ("--name", f"{named(*REQUIRED)[1]}|{MORE}")
    code, output = behave("-D", "target=compose", *images, *SMALL, *more)
    return code, output, latest_run()


def test_the_scenarios_pass_on_compose_and_leave_nothing(
    engine: docker.DockerClient,
    volumes_before: set[str],
    compose_run: tuple[int, str, dict[str, Any]],
) -> None:
    code, output, run = compose_run
    seen = verdicts(run)
    full = seen.pop(next(name for name in seen if name.startswith("Broker disk filled")))
    assert full.startswith("DEVIATION resumes after space is freed"), full
    assert set(seen.values()) == {"PASS"}, (seen, output)
    assert code == 0, output
    assert len(run["scenarios"]) == len(REQUIRED) + len(MORE.split("|"))
    assert run["target"] == "compose"
    label: dict[str, str | list[str] | bool] = {"label": f"com.docker.compose.project={PROJECT}"}
    assert engine.containers.list(all=True, filters=label) == []
    assert {volume.name for volume in engine.volumes.list()} <= volumes_before
    assert [n for n in engine.networks.list() if str(n.name).startswith(PROJECT)] == []


def test_it_promises_what_embedded_does_and_records_it_in_the_same_shape(
    compose_run: tuple[int, str, dict[str, Any]], embedded_run: dict[str, Any]
) -> None:
    same_shape(compose_run[2], embedded_run)
