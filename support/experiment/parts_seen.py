"""Reads what the parts of a stack report of themselves: versions, defaults and warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from support.baseline import Baseline
from support.clients.api_versions import features_of
from support.clients.connect import ConnectClient
from support.clients.logfile import logged_since
from support.errors import StackError
from support.experiment.experiment import Experiment
from support.record.upgrade import PartsSeen
from support.results.upgrade import METADATA
from support.stack.capture import refused_by_connect, unknown_to_connect
from support.stack.isolated import UpgradeControl
from support.stack.isolated_stack import IsolatedStack
from support.stack.known_settings import unknown_to_worker, worker_settings

SOON = timedelta(seconds=10)
WARNING = re.compile(r"deprecat|isn't a known|not a known|unknown|no longer|removed|ignored", re.I)
"""Matches log lines that may be about a setting which the version does not like."""
TIME = re.compile(r"^\[[\d :,.-]+\] *")
LONGEST = 300


def parts_seen(experiment: Experiment, stack: UpgradeControl) -> PartsSeen:
    """Returns the versions and the defaults of broker and connector. Raises StackError."""
    endpoints = experiment.stack.endpoints
    connect, plugin = ConnectClient(endpoints.connect), plugin_of(experiment.stack.baseline)
    levels = features_of(endpoints.kafka, SOON).finalized
    broker = {
        name: entry.value
        for name, entry in experiment.broker.broker_config().items()
        if entry.is_default and entry.value is not None
    }
    versions = {
        "kafka": stack.upgrade().broker_version(),
        METADATA: str(levels.get(METADATA, "")),
        **connect.versions(plugin),
    }
    return PartsSeen(versions, {"broker": broker, "connector": connect.default_settings(plugin)})


def newest_metadata(experiment: Experiment) -> str:
    """Returns the highest metadata.version that the broker supports."""
    kafka = experiment.stack.endpoints.kafka
    return str(features_of(kafka, SOON).supported.get(METADATA, ""))


def warnings_of(
    experiment: Experiment, stack: IsolatedStack, sizes: Mapping[str, int]
) -> tuple[str, ...]:
    """Returns keys of baseline/ that the parts refuse, do not know or warn of, one a line.

    `sizes`: part -> the size of its log, from which on lines count.
    """
    baseline = experiment.stack.baseline
    known = experiment.broker.broker_config()
    found = [f"broker: {key} is not known" for key in baseline.broker if key not in known]
    found += _of_the_connector(experiment, baseline)
    keys = {"broker": baseline.broker, "connect": {**baseline.worker, **baseline.connector}}
    for part, path in stack.logs().items():
        text = logged_since(path, sizes.get(part, 0)) if path.is_file() else ""
        found += unknown_in(text, baseline.worker)
        found += [f"{part}: {line}" for line in named_in(text, keys.get(part, {}))]
    return tuple(dict.fromkeys(found))


def named_in(log: str, keys: Mapping[str, str]) -> Iterator[str]:
    """Yields the warnings of a log that name one of the keys, without their time."""
    for line in log.splitlines():
        named = any(re.search(rf"(?<![\w.]){re.escape(key)}(?![\w.])", line) for key in keys)
        if named and (" WARN " in line or " ERROR " in line) and WARNING.search(line):
            yield TIME.sub("", line)[:LONGEST]


def unknown_in(log: str, worker: Mapping[str, str]) -> Iterator[str]:
    """Yields the worker's settings that it does not list in its log; none if it was not started."""
    known = worker_settings(log)
    for key in unknown_to_worker(worker, known) if known else ():
        yield f"worker: {key} is not known"


def _of_the_connector(experiment: Experiment, baseline: Baseline) -> Iterator[str]:
    """Yields the connector's settings that it does not know or refuses."""
    endpoints = experiment.stack.endpoints
    client = ConnectClient(endpoints.connect)
    unknown = unknown_to_connect(client, baseline)
    if unknown is not None:
        yield f"connector: {unknown.what}"
    try:
        refused = refused_by_connect(client, baseline, endpoints.database)
    except StackError as error:
        yield f"connector: its settings could not be validated: {error.what}"
        return
    for key, why in refused.items():
        yield f"connector: {key} is refused: {why}"


def plugin_of(baseline: Baseline) -> str:
    """Returns the class name of the connector."""
    return baseline.connector["connector.class"]
