"""The CDC topics of the stack at the beginning of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from support.record.section import json_section
from support.record.team_pipeline import ConnectorSeen, SlotSeen


@dataclass(frozen=True)
class CdcTopicsRecord:
    """Topic -> number of its records. `illegal` names those of the last records that are no events.

    `trouble` says why Debezium does not run; empty when it does. `empty` are topics without records
    whose tables have no rows. `unknown`: topic -> why it is not known whether its events are
    missing. `unchecked` says of which records the form was not looked at, and
    why. `connectors` and `slots` are those of the team. `not_judged` names connectors that may be
    the team's, and tables whose topics are not known.
    """

    trouble: str
    events: Mapping[str, int]
    illegal: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    connectors: Sequence[ConnectorSeen] = ()
    slots: Sequence[SlotSeen] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    not_judged: tuple[str, ...] = ()


CDC_TOPICS = json_section("cdc_topics", CdcTopicsRecord)
