"""Compares the settings that baseline/ names with those of a stack that others run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from support.baseline import Baseline
from support.clients.broker import ConfigValue
from support.clients.connect import ConnectClient
from support.clients.team_connectors import PostgresConnector
from support.errors import StackError
from support.experiment.experiment import Experiment
from support.experiment.readable_config import readable_config
from support.experiment.team import NoConnector, Team, team_of
from support.figures.setting_meanings import MEANINGS
from support.record.baseline_compared import BASELINE_COMPARED, SettingCompared

RETENTION = "log.retention.hours"
FINER = {"log.retention.ms": 3_600_000, "log.retention.minutes": 60}
"""Settings that replace log.retention.hours, the stronger first -> how many are an hour."""


def record_differences(experiment: Experiment) -> None:
    """Records both sides of every explained setting. Nothing on a stack of the suite, which has
    the Baseline Configuration."""
    if not experiment.stack.shared:
        return
    try:
        team = team_of(experiment.stack)
    except NoConnector:
        team = Team((), ())
    baseline = Baseline.load({})
    found = [
        *_brokers(experiment, baseline.broker),
        *_topics(experiment, baseline.topic, team),
        *_connectors(experiment, baseline, team),
    ]
    experiment.record.write(BASELINE_COMPARED, found)


def _brokers(experiment: Experiment, baseline: Mapping[str, str]) -> Iterator[SettingCompared]:
    client = experiment.broker
    for broker in client.brokers():
        reported = client.broker_config(broker)
        for name, ours in _explained("broker", baseline):
            theirs = _retention(reported) if name == RETENTION else _value(reported, name)
            yield SettingCompared("broker", f"broker {broker}", name, theirs, ours)


def _retention(reported: Mapping[str, ConfigValue]) -> str | None:
    """Returns the hours in force; -1 for ever."""
    for name, an_hour in FINER.items():
        value = _value(reported, name)
        if value is not None:
            return f"{int(value) / an_hour:g}" if int(value) >= 0 else value
    return _value(reported, RETENTION)


def _topics(
    experiment: Experiment, baseline: Mapping[str, str], team: Team
) -> Iterator[SettingCompared]:
    client, existing = experiment.broker, experiment.broker.topics()
    for topic in (each for each in team.topics if each in existing):
        replicas, reported = client.replicas(topic), readable_config(client, topic)
        counted = {
            "partitions": str(len(replicas)),
            "replication.factor": str(min(replicas.values())),
        }
        for name, ours in _explained("topic", baseline):
            theirs = counted.get(name) or _value(reported, name)
            yield SettingCompared("topic", topic, name, theirs, ours)


def _connectors(
    experiment: Experiment, baseline: Baseline, team: Team
) -> Iterator[SettingCompared]:
    """Yields the settings of connectors, and of their worker as far as they are known."""
    client = ConnectClient(experiment.stack.endpoints.connect)
    for connector in team.connectors:
        defaults = _defaults(client, connector)
        for name, ours in _explained("connector", baseline.connector):
            theirs = connector.config.get(name, defaults.get(name))
            yield SettingCompared("connector", connector.name, name, theirs, ours)
        for name, ours in _explained("worker", baseline.worker):
            theirs = _of_worker(connector, experiment.stack.baseline.worker, name)
            yield SettingCompared("worker", f"worker of {connector.name}", name, theirs, ours)


def _of_worker(connector: PostgresConnector, worker: Mapping[str, str], name: str) -> str | None:
    """Returns a setting of the worker, or of the converter that the connector uses instead."""
    part = ".".join(name.split(".")[:2])
    if not part.endswith(".converter") or part not in connector.config:
        return worker.get(name)
    schemas = "true" if name.endswith(".schemas.enable") else None
    return connector.config.get(name, schemas)


def _defaults(client: ConnectClient, connector: PostgresConnector) -> Mapping[str, str]:
    """Returns the defaults that the connector declares; none from an older Kafka Connect."""
    try:
        return client.default_settings(connector.config["connector.class"])
    except StackError:
        return {}


def _explained(part: str, baseline: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in baseline.items() if name in MEANINGS[part])


def _value(reported: Mapping[str, ConfigValue], name: str) -> str | None:
    return reported[name].value if name in reported else None
