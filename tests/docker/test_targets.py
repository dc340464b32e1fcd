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
from support.stack.compose.stack import PROJECT
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
    "DELIV-3 network": "The broker loses its network in the middle of 1000 messages",
}
MORE = "|".join((
    "Cold start", "a cut of both directions", "kafka-consumer-perf-test",
    "The disk is full of another tenant", "The cluster goes through a crash",
))  # fmt: skip
"""What compose has and attach has not."""

PREFIXES = {"postgres": "dbserver", "store": "shop"}
"""Of the CDC topics: host of the database -> theirs."""

SOON = timedelta(seconds=10)

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


def same_shape(run: dict[str, Any], compose: dict[str, Any]) -> None:
    """The scenarios of `run` promise and record what they do on compose."""
    assert set(run) == set(compose)
    assert set(run["provenance"]) == set(compose["provenance"])
    of_compose = promised(compose)
    assert promised(run) == {name: of_compose[name] for name in promised(run)}
    by_name = {s["name"]: s for s in compose["scenarios"]}
    for scenario in run["scenarios"]:
        assert set(scenario) == set(by_name[scenario["name"]])


def test_embedded_promises_what_compose_does_and_records_it_in_the_same_shape(
    compose_run: tuple[int, str, dict[str, Any]],
) -> None:
    code, output = behave(*SMALL, "--name", f"{REQUIRED['US2.2']}|{REQUIRED['US1.1']}")
    assert code == 0, output
    same_shape(latest_run(), compose_run[2])


def addresses(ends: Endpoints) -> tuple[str, ...]:
    database = ends.database
    url = f"{database.user}:{database.password}@{database.host}:{database.port}/{database.name}"
    assert database.inside
    pairs = {
        "target": "attach",
        "bootstrap": ends.bootstrap,
        "connect": ends.connect_url,
        "database": f"postgresql://{url}",
        "connect_database": ":".join(map(str, database.inside)),
        "connector.topic.prefix": PREFIXES[database.inside[0]],
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


def await_as_before(ends: Endpoints, before: dict[str, Any]) -> None:
    """Of a cluster each broker learns for itself, a moment later, what was deleted."""
    wait_until(lambda: everything(ends), lambda seen: seen == before, SOON, "all to be as before")


def test_the_scenarios_pass_on_a_cluster_of_others_and_it_is_as_before(
    compose_run: tuple[int, str, dict[str, Any]], cluster: Endpoints, broker: Any
) -> None:
    before = everything(cluster)
    allowed = ("-D", f"kafka_container={broker.name}", "-D", "allow_destructive=yes")
    code, output = behave(*addresses(cluster), *allowed, *SMALL, *NAMES)
    run = latest_run()
    assert set(verdicts(run).values()) == {"PASS"}, (verdicts(run), output)
    assert code == 0, output
    assert run["target"] == "attach"
    assert "3 broker(s)" in output
    await_as_before(cluster, before)
    same_shape(run, compose_run[2])


def test_nothing_is_broken_without_permission(cluster: Endpoints, broker: Any) -> None:
    before = everything(cluster)
    broker.reload()
    started = broker.attrs["State"]["StartedAt"]
    names = ("--name", f"{REQUIRED['US2.1']}|1000 messages without a fault")
    watched = ("-D", f"kafka_container={broker.name}")
    code, output = behave(*addresses(cluster), *watched, *SMALL, *names)
    seen = verdicts(latest_run())
    assert seen["1000 messages without a fault"] == "PASS", output
    (skipped,) = [told for name, told in seen.items() if name != "1000 messages without a fault"]
    assert skipped.startswith("SKIPPED This target's broker can't be stopped"), output
    assert code == 0
    broker.reload()
    assert broker.attrs["State"]["StartedAt"] == started
    await_as_before(cluster, before)


def clean_remote(ends: Endpoints, *more: str) -> tuple[int, str]:
    """Exit code and what it told."""
    command = (sys.executable, "-m", "support.stack")
    process = start("clean-remote", *addresses(ends), *more, command=command)
    told = process.communicate(timeout=120)[0]
    return process.returncode, told


def test_what_a_killed_run_left_on_a_stack_of_others_can_be_removed(cluster: Endpoints) -> None:
    before = everything(cluster)
    database = Database(cluster.database.conninfo)
    process = start(*addresses(cluster), *SMALL, "--name", "Changes without a fault")

    def replicating() -> list[tuple[object, ...]]:
        return database.query("SELECT 1 FROM pg_replication_slots WHERE slot_name ~ '_run_'")

    wait_until(replicating, bool, timedelta(seconds=90), "the trial's slot")
    process.kill()
    process.communicate()
    assert everything(cluster) != before
    _, careful = clean_remote(cluster)
    assert "its run may be going on" in careful
    assert "removed: " not in careful
    code, told = clean_remote(cluster, "-D", "allow_destructive=yes")
    assert code == 0, told
    assert "removed: connector, slot, publication and schema kafka_validation_run_" in told
    await_as_before(cluster, before)


def healthy(broker: Any) -> tuple[bool, bool, set[tuple[str, ...]]]:
    """Running, not paused, and the names by which others find it on its networks."""
    broker.reload()
    networks = broker.attrs["NetworkSettings"]["Networks"]
    names = {(name, *sorted(told["Aliases"] or ())) for name, told in networks.items()}
    return broker.attrs["State"]["Running"], broker.attrs["State"]["Paused"], names


@pytest.mark.parametrize("scenario", ["DELIV-3", "DELIV-3 network", "US2.1"])
def test_what_a_killed_run_left_broken_is_healed_by_the_next_command(
    cluster: Endpoints, broker: Any, scenario: str
) -> None:
    before = everything(cluster)
    whole = healthy(broker)
    allowed = ("-D", f"kafka_container={broker.name}", "-D", "allow_destructive=yes")
    process = start(*addresses(cluster), *allowed, *SMALL, "--name", REQUIRED[scenario])
    wait_until(lambda: healthy(broker) != whole, bool, timedelta(seconds=90), "the fault")
    process.kill()
    process.communicate()
    assert healthy(broker) != whole
    code, told = clean_remote(cluster, "-D", "allow_destructive=yes")
    assert code == 0, told
    assert "healed what a killed run left" in told
    assert healthy(broker) == whole
    await_as_before(cluster, before)
