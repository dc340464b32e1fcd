"""Finds the judged settings of Kafka Connect whose values are kept elsewhere (`${file:...}`).

Only the worker knows such a value, so the setting is neither right nor wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support.record.capture_in_force import (
    CONNECT_DEFAULTS,
    EXACTLY_ONCE,
    HIDDEN,
    POLICY,
    Capture,
)

FLUSH = "offset.flush.interval.ms"
OVERRIDE = "producer.override."
JUDGED_OF_A_CONNECTOR = (
    "errors.tolerance",
    "event.processing.failure.handling.mode",
    "snapshot.mode",
    "slot.drop.on.stop",
    "skipped.operations",
    "transforms",
)
WITHOUT_A_FINDING = {
    key: (value, "") for key, value in {**CONNECT_DEFAULTS, "enable.idempotence": "true"}.items()
}
"""Values of Connect's producer about which nothing can be said."""


def is_hidden(value: str) -> bool:
    """Whether the worker looks up a value elsewhere."""
    return HIDDEN in value


def hidden_of_worker(capture: Capture) -> Iterator[str]:
    """Yields the hidden settings that decide about a worker, its producer and its converter."""
    worker = capture.worker or {}
    for name, (value, by) in capture.producer().items():
        if name in CONNECT_DEFAULTS and is_hidden(value):
            yield _kept_elsewhere(by, value)
    if _overridden(capture) and is_hidden(worker.get(POLICY, "")):
        yield _kept_elsewhere(f"worker {POLICY}", worker[POLICY])
    for name in (EXACTLY_ONCE, FLUSH):
        if is_hidden(worker.get(name, "")):
            yield _kept_elsewhere(f"worker {name}", worker[name])
    converter = capture.converter("value.converter").get("value.converter", "")
    if is_hidden(converter) and not capture.connector.get("transforms"):
        who = "connector" if "value.converter" in capture.connector else "worker"
        yield _kept_elsewhere(f"{who} value.converter", converter)


def hidden_of_connector(connector: Mapping[str, str]) -> Iterator[str]:
    """Yields the hidden settings that decide which changes a connector sends."""
    for name, value in connector.items():
        judged = name in JUDGED_OF_A_CONNECTOR or name.startswith("transforms.")
        if is_hidden(value) and (judged or _decides_about_tombstones(name, connector)):
            yield _kept_elsewhere(f"connector {name}", value)


def known_producer(capture: Capture) -> dict[str, tuple[str, str]]:
    """Returns capture.producer() with a harmless value for each setting that is not known."""
    worker, producer = capture.worker or {}, capture.producer()
    unknown = {name for name, (value, _) in producer.items() if is_hidden(value)}
    if is_hidden(worker.get(POLICY, "")):
        unknown |= _overridden(capture)
    if is_hidden(worker.get(EXACTLY_ONCE, "")):
        unknown.add("enable.idempotence")
    harmless = {name: each for name, each in WITHOUT_A_FINDING.items() if name in unknown}
    return {**producer, **harmless}


def known_deletes(connector: Mapping[str, str], transform: str) -> bool:
    """Whether every setting is known that decides what a transformation does to a DELETE."""
    begin = f"transforms.{transform}."
    return not any(
        is_hidden(value)
        for name, value in connector.items()
        if name.startswith(begin) or name == "tombstones.on.delete"
    )


def _overridden(capture: Capture) -> set[str]:
    names = (name.removeprefix(OVERRIDE) for name in capture.connector if OVERRIDE in name)
    return {name for name in names if name in CONNECT_DEFAULTS}


def _decides_about_tombstones(name: str, connector: Mapping[str, str]) -> bool:
    return name == "tombstones.on.delete" and bool(connector.get("transforms"))


def _kept_elsewhere(name: str, value: str) -> str:
    return f"{name} ({value}) is kept elsewhere"
