"""From parts that were started to a stack that serves clients and captures changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from support.baseline import Baseline
from support.clients.broker import BrokerClient
from support.errors import StackError
from support.progress import Progress
from support.stack.addresses import DatabaseAddress
from support.stack.broker_settings import check_broker_settings
from support.stack.capture import Worker, capture_trouble, create_cdc_topics
from support.stack.internal_topics import check_internal_topics
from support.stack.lifecycle import BrokerControl


def make_serve(
    broker: BrokerControl,
    worker: Worker,
    database: DatabaseAddress,
    baseline: Baseline,
    broker_overrides: Mapping[str, str],
    patience: timedelta,
    progress: Progress,
) -> StackError | None:
    """Waits for the broker, checks its settings, creates the topics and registers the connector.

    Returns the reason why change data capture is not available, or None. Raises StackError if the
    broker does not serve clients, and SettingsError if it does not know a setting.
    """
    broker.await_ready(patience)
    client = BrokerClient(broker.kafka)
    check_broker_settings(client, broker_overrides)
    check_internal_topics(client, baseline.worker)
    create_cdc_topics(client, baseline)
    return capture_trouble(worker, baseline, database, patience, progress)
