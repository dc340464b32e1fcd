"""Looks at every part of a stack at the same time, within a limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from support import clock
from support.settings import Settings
from support.stack.attached.stack import AttachedStack
from support.survey import connect, database, kafka, more
from support.survey.attempt import at_once, seconds_since
from support.survey.findings import Findings, Part

LONGEST = timedelta(seconds=22)


def look(stack: AttachedStack, settings: Settings) -> Findings:
    """Returns what was seen of the stack at the addresses of the settings.

    A part that does not answer within LONGEST is reported as such.
    """
    began_ns, ends, baseline = clock.now_ns(), stack.endpoints, stack.baseline
    team = settings.team_connector
    looks: list[Callable[[], Part[Any]]] = [
        partial(kafka.look_at_kafka, ends.kafka, baseline),
        partial(connect.look_at_connect, ends.connect, baseline, ends.database, team),
        partial(database.look_at_database, ends.database),
    ]
    names = [kafka.NAME, connect.NAME, database.NAME]
    for name, wanted in more.looks(stack, settings).items():
        names.append(name)
        looks.append(wanted)
    seen = at_once(looks, LONGEST)
    parts = [part or _silent(name) for name, part in zip(names, seen, strict=True)]
    of_kafka, of_connect, of_database, *others = parts
    return Findings(of_kafka, of_connect, of_database, tuple(others), seconds_since(began_ns))


def _silent(name: str) -> Part[Any]:
    return Part(name, trouble=f"It did not answer within {LONGEST.total_seconds():g} s.")
