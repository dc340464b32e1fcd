"""The scenarios that are run on real engines, and the state that is compared before and after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from support.clients.broker import BrokerClient
from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.stack.addresses import Endpoints
from support.waiting import wait_until

SMALL = ("-D", "scale=0.05", "-D", "min_free_disk=1GB", "-D", "stop_free_disk=500MB")
REQUIRED = {
    "US1.1": "1,000 messages per second for 60 seconds",
    "US1.2": "Warm restart of a broker with existing data",
    "US2.1": "Broker crash during production of 1,000 messages",
    "US2.2": "Clean consumer restart at message 500 of 1,000",
    "US2.3": "Broker crash during database changes",
    "DELIV-3": "Broker pause during production of 1,000 messages",
    "DELIV-3 network": "Disconnection of the broker during production of 1,000 messages",
}
MORE = "|".join(
    (
        "Cold start",
        "Network cut in both directions",
        "kafka-consumer-perf-test",
        "Debezium's snapshot of",
        "Broker disk filled by another file",
        "Controller crash",
    )
)
"""Scenarios that the target compose can run and attach can't."""

PREFIXES = {"postgres": "dbserver", "store": "shop"}
"""Host of the database -> prefix of its CDC topics."""

SOON = timedelta(seconds=10)


def named(*keys: str) -> tuple[str, str]:
    """Options that choose the scenarios of REQUIRED with these keys."""
    return "--name", "|".join(REQUIRED[key] for key in keys)


def verdicts(run: dict[str, Any]) -> dict[str, str]:
    """Name of each scenario -> verdict with the first line of its reason."""
    return {
        s["name"]: f"{s['verdict']} {s['reason'].splitlines()[0] if s['reason'] else ''}".strip()
        for s in run["scenarios"]
    }


def same_shape(
    run: dict[str, Any], embedded: dict[str, Any], without: frozenset[str] = frozenset()
) -> None:
    """Asserts that a run has the fields and promises of the embedded one, except for `without`."""
    assert set(run) == set(embedded)
    assert set(run["provenance"]) == set(embedded["provenance"])
    theirs = {s["name"]: s for s in embedded["scenarios"]}
    both = [s for s in run["scenarios"] if s["name"] in theirs]
    assert len(both) == len(theirs)
    for scenario in both:
        assert set(scenario) == set(theirs[scenario["name"]])
        promised = set(theirs[scenario["name"]]["promises"])
        assert set(scenario["promises"]) == promised - without


def addresses(ends: Endpoints) -> tuple[str, ...]:
    database = ends.database
    url = f"{database.user}:{database.password}@{database.host}:{database.port}/{database.name}"
    assert database.inside
    pairs = {
        "target": "attach",
        "bootstrap": ends.kafka.bootstrap,
        "connect": ends.connect.url,
        "database": f"postgresql://{url}",
        "connect_database": ":".join(map(str, database.inside)),
        "connector.topic.prefix": PREFIXES[database.inside[0]],
    }
    return tuple(part for pair in pairs.items() for part in ("-D", "=".join(pair)))


def everything(ends: Endpoints) -> dict[str, Any]:
    """The state of a stack that a run must not change: topics, groups, connectors, tables ..."""
    client, connect = BrokerClient(ends.kafka), ConnectClient(ends.connect)
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
    """Waits until the state is as before: each broker learns of a deletion a moment later."""
    wait_until(lambda: everything(ends), lambda seen: seen == before, SOON, "all to be as before")
