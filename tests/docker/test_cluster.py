"""attach to a cluster of others: faults are healed, and everything else is left as it was."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import pytest

from support.clients.database import Database
from support.stack.addresses import Endpoints
from support.waiting import wait_until
from tests.contract.running import behave, latest_run, start
from tests.docker.scenarios import (
    REQUIRED,
    SMALL,
    addresses,
    await_as_before,
    everything,
    named,
    verdicts,
)

CALM = "Production of 1,000 messages without a failure loses and duplicates nothing"
DELIVERED = named("US2.1", "US2.2", "US2.3", "DELIV-3", "DELIV-3 network")
"""Without performance scenarios: their limits are not for three brokers on one test machine."""


def test_the_scenarios_pass_on_a_cluster_of_others_and_it_is_as_before(
    cluster: Endpoints, broker: Any
) -> None:
    before = everything(cluster)
    allowed = ("-D", f"kafka_container={broker.name}", "-D", "allow_destructive=yes")
    code, output = behave(*addresses(cluster), *allowed, *SMALL, *DELIVERED)
    run = latest_run()
    assert set(verdicts(run).values()) == {"PASS"}, (verdicts(run), output)
    assert code == 0, output
    assert run["target"] == "attach"
    assert "3 broker(s)" in output
    await_as_before(cluster, before)


def test_nothing_is_broken_without_permission(cluster: Endpoints, broker: Any) -> None:
    before = everything(cluster)
    broker.reload()
    started = broker.attrs["State"]["StartedAt"]
    names = ("--name", f"{REQUIRED['US2.1']}|{CALM}")
    watched = ("-D", f"kafka_container={broker.name}")
    code, output = behave(*addresses(cluster), *watched, *SMALL, *names)
    seen = verdicts(latest_run())
    assert seen[CALM] == "PASS", output
    (skipped,) = [reported for name, reported in seen.items() if name != CALM]
    assert skipped.startswith("SKIPPED The target attach lacks what this scenario needs"), output
    assert "The broker can be stopped" in skipped, output
    assert code == 0
    broker.reload()
    assert broker.attrs["State"]["StartedAt"] == started
    await_as_before(cluster, before)


def clean_remote(ends: Endpoints, *more: str) -> tuple[int, str]:
    """Exit code and output of `make clean-remote`."""
    command = (sys.executable, "-m", "support.stack")
    process = start("clean-remote", *addresses(ends), *more, command=command)
    reported = process.communicate(timeout=120)[0]
    return process.returncode, reported


def test_what_a_killed_run_left_on_a_stack_of_others_can_be_removed(cluster: Endpoints) -> None:
    before = everything(cluster)
    database = Database(cluster.database.conninfo)
    process = start(
        *addresses(cluster), *SMALL, "--name", "Without a failure all database changes arrive"
    )

    def replicating() -> list[tuple[object, ...]]:
        return database.query("SELECT 1 FROM pg_replication_slots WHERE slot_name ~ '_run_'")

    wait_until(replicating, bool, timedelta(seconds=90), "the trial's slot")
    process.kill()
    process.communicate()
    assert everything(cluster) != before
    _, careful = clean_remote(cluster)
    assert "its run may be active" in careful
    assert "removed: " not in careful
    code, reported = clean_remote(cluster, "-D", "allow_destructive=yes")
    assert code == 0, reported
    assert "removed: connector, slot, publication and schema kafka_validation_run_" in reported
    await_as_before(cluster, before)


def healthy(broker: Any) -> tuple[bool, bool, set[tuple[str, ...]]]:
    """Whether the broker runs, whether it is paused, and its names on its networks."""
    broker.reload()
    networks = broker.attrs["NetworkSettings"]["Networks"]
    names = {(name, *sorted(reported["Aliases"] or ())) for name, reported in networks.items()}
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
    code, reported = clean_remote(cluster, "-D", "allow_destructive=yes")
    assert code == 0, reported
    assert "healed what a killed run left" in reported
    assert healthy(broker) == whole
    await_as_before(cluster, before)


def test_a_missing_broker_of_the_cluster_is_reported(cluster: Endpoints, broker: Any) -> None:
    broker.stop()
    try:
        code, reported = behave(*addresses(cluster), *SMALL, "--name", "weakens at-least-once")
    finally:
        broker.start()
    assert "WARNING: brokers that have replicas are not in the cluster: (2,)" in reported
    assert code == 0, reported
