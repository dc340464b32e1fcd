"""Both targets on a real Docker engine: the same features, the same results, nothing touched."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import docker
import pytest

from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.stack.compose.stack import PROJECT, ComposeStack
from support.stack.ports import Endpoints
from support.waiting import wait_until
from tests.contract.running import behave, latest_run, start

SMALL = ("-D", "scale=0.05", "-D", "min_free_disk=1GB", "-D", "stop_free_disk=500MB")
REQUIRED = {
    "US1.1": "1000 messages per second for 60 seconds",
    "US1.2": "Warm restart with existing data",
    "US2.1": "a crash .SIGKILL. and restart in the middle of 1000 messages",
    "US2.2": "a clean close and restart at message 500 of 1000",
    "US2.3": "The broker goes through a crash .SIGKILL. and restart during database changes",
    "DELIV-3": "The broker is paused in the middle of 1000 messages",
}
MORE = "|".join((
    "Cold start", "a cut of both directions", "kafka-consumer-perf-test",
    "The disk is full of another tenant", "The cluster goes through a crash",
))  # fmt: skip
"""What compose has and attach has not."""

NAMES = ("--name", "|".join(REQUIRED.values()))


def verdicts(run: dict[str, Any]) -> dict[str, str]:
    """Name of each scenario -> verdict with the first line of its reason."""
    return {
        s["name"]: f"{s['verdict']} {s['reason'].splitlines()[0] if s['reason'] else ''}".strip()
        for s in run["scenarios"]
    }


@pytest.fixture(scope="module")
def volumes_before(engine: docker.DockerClient) -> set[str]:
    return {volume.name for volume in engine.volumes.list()}


@pytest.fixture(scope="module")
def compose_run(
    images: tuple[str, ...], volumes_before: set[str]
) -> tuple[int, str, dict[str, Any]]:
    """Exit code, output and run.json."""
    more = ("--name", f"{NAMES[1]}|{MORE}")
    code, output = behave("-D", "target=compose", *images, *SMALL, *more)
    return code, output, latest_run()


def test_the_scenarios_pass_on_compose_and_leave_nothing(
    engine: docker.DockerClient,
    volumes_before: set[str],
    compose_run: tuple[int, str, dict[str, Any]],
) -> None:
    code, output, run = compose_run
    assert set(verdicts(run).values()) == {"PASS"}, (verdicts(run), output)
    assert code == 0, output
    assert len(run["scenarios"]) == len(REQUIRED) + len(MORE.split("|"))
    assert run["target"] == "compose"
    label: dict[str, str | list[str] | bool] = {"label": f"com.docker.compose.project={PROJECT}"}
    assert engine.containers.list(all=True, filters=label) == []
    assert {volume.name for volume in engine.volumes.list()} <= volumes_before
    assert [n for n in engine.networks.list() if str(n.name).startswith(PROJECT)] == []


def promised(run: dict[str, Any]) -> dict[str, set[str]]:
    """Scenario -> the checks that it promises."""
    return {s["name"]: set(s["promises"]) for s in run["scenarios"]}


def test_every_target_promises_the_same_and_records_it_in_the_same_shape(
    compose_run: tuple[int, str, dict[str, Any]],
) -> None:
    compose = compose_run[2]
    code, output = behave(*SMALL, "--name", f"{REQUIRED['US2.2']}|{REQUIRED['US1.1']}")
    embedded = latest_run()
    assert code == 0, output
    assert set(embedded) == set(compose)
    assert set(embedded["provenance"]) == set(compose["provenance"])
    of_compose = promised(compose)
    assert promised(embedded) == {name: of_compose[name] for name in promised(embedded)}
    by_name = {s["name"]: s for s in compose["scenarios"]}
    for scenario in embedded["scenarios"]:
        assert set(scenario) == set(by_name[scenario["name"]])


def addresses(ends: Endpoints) -> tuple[str, ...]:
    database = ends.database
    url = f"{database.user}:{database.password}@{database.host}:{database.port}/{database.name}"
    pairs = {
        "target": "attach",
        "bootstrap": ends.bootstrap,
        "connect": ends.connect_url,
        "database": f"postgresql://{url}",
        "connect_database": "postgres:5432",
    }
    return tuple(part for pair in pairs.items() for part in ("-D", "=".join(pair)))


def everything(ends: Endpoints) -> dict[str, Any]:
    """All that somebody would miss, or find too much."""
    client, connect = BrokerClient(ends.bootstrap), ConnectClient(ends.connect_url)
    database = Database(ends.database.conninfo)
    return {
        "topics": sorted(client.topics()),
        "groups": sorted(client.groups()),
        "connectors": {name: connect.config(name) for name in connect.connectors()},
        "slots": database.query("SELECT slot_name FROM pg_replication_slots ORDER BY 1"),
        "publications": database.query("SELECT pubname FROM pg_publication ORDER BY 1"),
        "tables": database.query(
            "SELECT table_schema, table_name FROM information_schema.tables ORDER BY 1, 2"
        ),
        "rows": database.query("SELECT count(*), max(id) FROM public.users"),
    }


def test_the_scenarios_pass_on_a_stack_of_others_and_it_is_as_before(
    foreign: ComposeStack, engine: docker.DockerClient
) -> None:
    before = everything(foreign.endpoints)
    named = ("-D", f"kafka_container={foreign.broker()._find().name}")
    allowed = (*named, "-D", "allow_destructive=yes")
    code, output = behave(*addresses(foreign.endpoints), *allowed, *SMALL, *NAMES)
    run = latest_run()
    assert set(verdicts(run).values()) == {"PASS"}, (verdicts(run), output)
    assert code == 0, output
    assert run["target"] == "attach"
    assert everything(foreign.endpoints) == before


def test_nothing_is_broken_without_permission(foreign: ComposeStack) -> None:
    before = everything(foreign.endpoints)
    started = foreign.broker()._find().attrs["State"]["StartedAt"]
    names = ("--name", f"{REQUIRED['US2.1']}|1000 messages without a fault")
    watched = ("-D", f"kafka_container={foreign.broker()._find().name}")
    code, output = behave(*addresses(foreign.endpoints), *watched, *SMALL, *names)
    seen = verdicts(latest_run())
    assert seen["1000 messages without a fault"] == "PASS", output
    (skipped,) = [told for name, told in seen.items() if name != "1000 messages without a fault"]
    assert skipped.startswith("SKIPPED This target's broker can't be stopped"), output
    assert code == 0
    assert foreign.broker()._find().attrs["State"]["StartedAt"] == started
    assert everything(foreign.endpoints) == before


def test_what_a_killed_run_left_on_a_stack_of_others_can_be_removed(foreign: ComposeStack) -> None:
    before = everything(foreign.endpoints)
    database = Database(foreign.endpoints.database.conninfo)
    process = start(*addresses(foreign.endpoints), *SMALL, "--name", "Changes without a fault")

    def replicating() -> list[tuple[object, ...]]:
        return database.query("SELECT 1 FROM pg_replication_slots WHERE slot_name ~ '_run_'")

    wait_until(replicating, bool, timedelta(seconds=90), "the trial's slot")
    process.kill()
    process.communicate()
    assert everything(foreign.endpoints) != before
    where, command = addresses(foreign.endpoints), (sys.executable, "-m", "support.stack")
    careful = start("clean-remote", *where, command=command).communicate(timeout=120)[0]
    assert "its run may be going on" in careful
    assert "removed: " not in careful
    clean = start("clean-remote", *where, "-D", "allow_destructive=yes", command=command)
    told = clean.communicate(timeout=120)[0]
    assert clean.returncode == 0, told
    assert "removed: connector, slot, publication and schema kafka_validation_run_" in told
    assert everything(foreign.endpoints) == before
