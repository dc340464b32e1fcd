"""Finds settings of Kafka Connect and of its connector that break at-least-once delivery.

The producer inside Connect writes the change data to Kafka. Connect's defaults for it are
overridden by the worker's `producer.*`, and those by the connector's `producer.override.*` as far
as the worker's policy permits. Each finding names the setting as the user wrote it, and what it
loses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support.checks.configuration_flush import flush_findings, flush_risk
from support.checks.configuration_hidden import (
    hidden_of_connector,
    hidden_of_worker,
    known_deletes,
    known_producer,
)
from support.record.capture_in_force import Capture

LONGEST_OUTAGE_MS = 30_000
"""A producer that gives up sooner does not survive the restart of a crashed broker."""

SHOWN_OF_A_PRODUCER = (
    "acks",
    "max.in.flight.requests.per.connection",
    "enable.idempotence",
    "retries",
)

UNREADABLE = ("StringConverter", "ByteArrayConverter")
OPERATIONS = {"c": "INSERT", "u": "UPDATE", "d": "DELETE"}

UNWRAPS, LEGACY = "ExtractNewRecordState", "delete.handling.mode"
"""A transformation that reduces an event to its row, and its setting before Debezium 2.5."""
BY_DEFAULT = (
    "by default, Debezium 2.5 drops it unless delete.tombstone.handling.mode is tombstone or "
    "rewrite; later versions leave a tombstone"
)

CONNECTOR_LOSES = {
    ("errors.tolerance", "all"): "a change that can't be converted or sent is dropped silently, "
    "and its source offset is committed",
    ("event.processing.failure.handling.mode", "skip"): "a change that Debezium can't process is "
    "dropped silently",
    ("event.processing.failure.handling.mode", "warn"): "a change that Debezium can't process is "
    "dropped, with a line in the log",
    ("snapshot.mode", "never"): "rows that existed before the connector are never sent",
    ("snapshot.mode", "no_data"): "rows that existed before the connector are never sent",
    ("snapshot.mode", "initial_only"): "changes after the snapshot are never sent",
    ("slot.drop.on.stop", "true"): "changes that are committed while the connector is stopped are "
    "lost with its replication slot",
}
"""(setting, value) -> what it loses."""


def capture_findings(capture: Capture) -> Iterator[str]:
    """Yields each setting that loses, reorders or stops changes."""
    yield from _producer(known_producer(capture))
    yield from _connector(capture.connector)
    yield from _converters(capture)
    yield from _filters(capture)
    yield from flush_findings(capture.worker)


def capture_doubts(capture: Capture) -> Iterator[str]:
    """Yields the settings whose values, or whose effects in this version, are not known."""
    given = capture.connector
    yield from hidden_of_worker(capture)
    yield from hidden_of_connector(given)
    for name in _list(given.get("transforms", "")) if not capture.pinned else ():
        if _unwraps(given, name) and _drops_by_default(given, name):
            yield f"whether {UNWRAPS} drops a DELETE: {BY_DEFAULT}"


def capture_risks(capture: Capture) -> Iterator[str]:
    """Yields the risks that remain with correct settings, and the settings that are not known."""
    yield from producer_in_force(capture)
    for name in capture.refused():
        yield f"connector {name} is not in force: the worker's policy refuses it"
    if capture.worker is None:
        yield (
            "not judged here: the settings of the worker (producer.*, offset.flush.interval.ms, "
            "converters), which it does not report"
        )
    skipped = capture.connector.get("skipped.operations", "t")
    if "t" in _list(skipped):
        yield "residual risk: skipped.operations=t (the default), so a TRUNCATE leaves no event"
    if capture.connector.get("heartbeat.interval.ms", "0") == "0":
        yield (
            "residual risk: heartbeat.interval.ms=0, so write-ahead log accumulates while the "
            "captured tables do not change, and a server that limits it drops the slot and with it "
            "all changes since"
        )
    if _hides_nulls(capture):
        yield (
            "residual risk: value.converter.replace.null.with.default=true (the default), so a "
            "NULL in a column with a DEFAULT arrives as the default"
        )
    yield from flush_risk(capture.worker or {})


def worker_findings(capture: Capture) -> Iterator[str]:
    """Yields each setting of a worker, and of its producer, that loses or reorders changes."""
    yield from _producer(known_producer(capture))
    yield from _converters(capture)
    yield from flush_findings(capture.worker)


def producer_in_force(capture: Capture) -> Iterator[str]:
    """Yields a line with the known settings of Connect's producer, if there are any."""
    found = capture.producer()
    known = [
        f"{key}={found[key][0]}"
        for key in SHOWN_OF_A_PRODUCER
        if capture.worker is not None or found[key][1].startswith("connector")
    ]
    if known:
        yield "Connect's producer: " + ", ".join(known)


def _hides_nulls(capture: Capture) -> bool:
    """Whether NULL is replaced by the column's default. Known only for Kafka's JsonConverter."""
    settings = capture.converter("value.converter")
    kept = settings.get("value.converter.replace.null.with.default", "true")
    return settings.get("value.converter", "").endswith(".JsonConverter") and kept != "false"


def _producer(in_force: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    acks, by = in_force["acks"]
    if acks == "0":
        yield (
            f"{by}=0: changes that are sent while the broker is down are lost, and their source "
            "offset is committed"
        )
    elif acks not in ("all", "-1"):
        yield (
            f"{by}={acks}: acknowledged only by the leader: changes that no other replica has yet "
            "are lost with it"
        )
    retries, by = in_force["retries"]
    if retries == "0":
        yield f"{by}=0: the first transient error stops the task, and no change is sent any more"
    timeout, by = in_force["delivery.timeout.ms"]
    if int(timeout) < LONGEST_OUTAGE_MS:
        yield (
            f"{by}={timeout}: it gives up before a crashed broker is back, and the task stops "
            "until it is restarted by hand"
        )
    in_flight, by = in_force["max.in.flight.requests.per.connection"]
    if int(in_flight) > 1 and in_force["enable.idempotence"][0].lower() != "true":
        yield (
            f"{by}={in_flight} without idempotence: a retry can be overtaken, so changes of a row "
            "can be reordered"
        )


def _connector(given: Mapping[str, str]) -> Iterator[str]:
    for (name, value), loses in CONNECTOR_LOSES.items():
        if given.get(name, "").lower() == value:
            yield f"connector {name}={given[name]}: {loses}"
    skipped = _list(given.get("skipped.operations", ""))
    missing = [OPERATIONS[each] for each in skipped if each in OPERATIONS]
    if missing:
        yield (
            f"connector skipped.operations={given['skipped.operations']}: "
            f"no {' and no '.join(missing)} is ever sent"
        )


def _converters(capture: Capture) -> Iterator[str]:
    """Judges connectors without transformations only: one may have turned the event into text."""
    converter = capture.converter("value.converter").get("value.converter", "")
    if converter.rpartition(".")[2] in UNREADABLE and not capture.connector.get("transforms"):
        yield (
            f"value.converter={converter}: it can't represent the fields of an event, so consumers "
            "can't parse the value, or the task stops"
        )


def _filters(capture: Capture) -> Iterator[str]:
    given = capture.connector
    for name in _list(given.get("transforms", "")):
        kind = given.get(f"transforms.{name}.type", "")
        if kind.rpartition(".")[2] == "Filter":
            yield f"connector transforms.{name}.type={kind}: what it filters is never sent"
        if known_deletes(given, name):
            yield from _without_deletes(given, name, pinned=capture.pinned)


def _without_deletes(given: Mapping[str, str], name: str, *, pinned: bool) -> Iterator[str]:
    """Yields a transformation that drops every DELETE.

    `pinned`: Debezium has the version of this suite, whose defaults are known.
    """
    for mode in ("delete.tombstone.handling.mode", "delete.handling.mode"):
        value = given.get(f"transforms.{name}.{mode}", "").strip()
        if value.lower() == "drop" and not (mode == LEGACY and _tombstones_stay(given, name)):
            yield f"connector transforms.{name}.{mode}={value}: no DELETE is ever sent"
            return
        if value:
            return
    if pinned and _unwraps(given, name) and _drops_by_default(given, name):
        yield f"connector transforms.{name}.type: no DELETE is ever sent: {BY_DEFAULT}"


def _unwraps(given: Mapping[str, str], name: str) -> bool:
    return given.get(f"transforms.{name}.type", "").rpartition(".")[2] == UNWRAPS


def _drops_by_default(given: Mapping[str, str], name: str) -> bool:
    """Whether no setting says what happens to a DELETE, and its tombstone is not kept either."""
    modes = ("delete.tombstone.handling.mode", LEGACY)
    named = any(given.get(f"transforms.{name}.{mode}", "").strip() for mode in modes)
    return not named and not _tombstones_stay(given, name)


def _tombstones_stay(given: Mapping[str, str], name: str) -> bool:
    """Whether the tombstone of a DELETE stays where the older setting drops the DELETE itself."""
    dropped = given.get(f"transforms.{name}.drop.tombstones", "true").lower() != "false"
    return not dropped and given.get("tombstones.on.delete", "true").lower() != "false"


def _list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
