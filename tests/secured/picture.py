"""A full picture of the secured stack: everything in it that a run could have changed.

Two pictures are compared line by line. Left out is only what any other user of the stack changes as
well: positions in the WAL, the statistics of PostgreSQL, and records of Connect's workers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg

from tests.secured.picture_database import database_lines
from tests.secured.picture_kafka import kafka_lines
from tests.secured.picture_topics import live_keys, topic_contents
from tests.secured.stack import SecuredStack


def picture(stack: SecuredStack) -> list[str]:
    """The whole stack as sorted lines of text."""
    with psycopg.connect(stack.postgres.conninfo()) as superuser:
        lines = [
            *kafka_lines(stack.brokers.admin()),
            *topic_contents(stack),
            *database_lines(superuser),
            *_connect(stack),
        ]
    return sorted(lines)


def changes(before: list[str], after: list[str]) -> str:
    """The lines that were removed (-) and added (+), as one text."""
    removed = (f"- {line}" for line in sorted(set(before) - set(after)))
    added = (f"+ {line}" for line in sorted(set(after) - set(before)))
    return "\n".join([*removed, *added])


def _connect(stack: SecuredStack) -> Iterator[str]:
    """The connectors by the REST API, and every live key of the worker's topics."""
    connectors = stack.connect.get("connectors")
    assert isinstance(connectors, list)
    for name in connectors:
        for what in ("", "/status", "/offsets", "/topics", "/tasks"):
            answer = stack.connect.get(f"connectors/{name}{what}")
            yield f"connector {name}{what}: {json.dumps(answer, sort_keys=True)}"
    yield f"loggers: {json.dumps(stack.connect.get('admin/loggers'), sort_keys=True)}"
    yield from live_keys(stack)
