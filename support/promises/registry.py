"""All checks by name."""

from __future__ import annotations

from support.promises import (
    audit,
    cdc,
    cdc_recovery,
    cdc_snapshot,
    cross_check,
    delivery_consumers,
    delivery_faults,
    delivery_log,
    edge,
    lag,
    performance,
    reports,
    startup,
    team_pipeline,
    upgrade,
)
from support.promises.definition import CheckDefinition, LimitedCheck
from support.promises.words import Words

CHECKS: tuple[CheckDefinition | LimitedCheck, ...] = (
    *delivery_log.ALL,
    *delivery_consumers.ALL,
    *delivery_faults.ALL,
    *cdc.ALL,
    *cdc_recovery.ALL,
    *cdc_snapshot.ALL,
    *team_pipeline.ALL,
    *audit.ALL,
    *performance.ALL,
    *cross_check.ALL,
    *startup.ALL,
    *edge.ALL,
    *lag.ALL,
    *reports.ALL,
    *upgrade.ALL,
)

BY_NAME = {check.name: check for check in CHECKS}

ENTRIES: tuple[Words, ...] = tuple(dict.fromkeys(check.words for check in CHECKS))
"""The words of all checks; checks that share their words appear once."""
