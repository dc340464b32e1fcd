"""All figures of a scenario, computed from its record."""

from __future__ import annotations

from dataclasses import replace

from support.checks.delivery import count_delivery
from support.figures.behaviour import backpressure, stability
from support.figures.cdc import (
    cdc_figures,
    cdc_series,
    faults_of_capture,
    notes,
    snapshot_figures,
)
from support.figures.cdc_times import recovery_of_changes
from support.figures.differences import differences
from support.figures.lag import lag_figures
from support.figures.load import stated
from support.figures.recovery import faults_of, recovery
from support.figures.upgrade import upgrade_step
from support.record.archive import HISTORY
from support.record.comparisons import READING_COMPARED, WRITING_COMPARED
from support.record.load import LOAD
from support.record.notes import CLIENT_ERRORS, LOG_LINES
from support.record.record import Record
from support.record.resources import JMX, RESOURCES
from support.record.sizes import EVENT_SIZES
from support.record.startups import STARTUPS
from support.results.delivery import Delivery
from support.results.schema import ScenarioResult


def with_figures(result: ScenarioResult, record: Record) -> ScenarioResult:
    """Returns the result with every figure that the record holds."""
    load, resources, jmx = stated(record), record.get(RESOURCES), record.get(JMX)
    writing, reading = record.get(WRITING_COMPARED), record.get(READING_COMPARED)
    startups, sizes = record.get(STARTUPS), record.get(EVENT_SIZES)
    return replace(
        result,
        load=load.load if load else None,
        latency=load.latency if load else None,
        client=load.client if load else None,
        series=load.series if load else cdc_series(record),
        resources=resources.usage if resources else {},
        jmx=jmx.jmx if jmx else None,
        recovery=recovery(record) or recovery_of_changes(record),
        faults=faults_of(record) or faults_of_capture(record),
        cdc=cdc_figures(record),
        snapshot=snapshot_figures(record),
        delivery=delivery(record),
        backpressure=record.compute(backpressure),
        stability=record.compute(stability),
        latency_cross_check=writing.seen if writing else None,
        reading_cross_check=reading.seen if reading else None,
        startups=startups.starts if startups else (),
        lag=record.compute(lag_figures),
        sizes=sizes.outcomes if sizes else (),
        differences=differences(record),
        upgrade=upgrade_step(record),
        notes=notes(record),
        log_lines=log_lines(record),
        client_errors=client_errors(record),
    )


def delivery(record: Record) -> Delivery | None:
    """Returns how many records of a load were sent, stored, lost and so on; None without a load."""
    return count_delivery(record[HISTORY]) if record.has(LOAD) else None


def log_lines(record: Record) -> dict[str, tuple[str, ...]]:
    """Returns part of the stack -> lines of its log that matter; empty where none was recorded."""
    return record[LOG_LINES] if record.has(LOG_LINES) else {}


def client_errors(record: Record) -> dict[str, dict[str, int]]:
    """Returns client -> error -> how often; empty where none was recorded."""
    return record[CLIENT_ERRORS] if record.has(CLIENT_ERRORS) else {}
