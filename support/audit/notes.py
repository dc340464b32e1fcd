"""Limits of a table's comparison, and possible causes of a difference, in words."""

from __future__ import annotations

from collections.abc import Iterator

from support.audit.topic import TableEvents, TopicRead


def notes_of(taken: TopicRead, events: TableEvents, moved_keys: int) -> tuple[str, ...]:
    """Returns a line for each remark about a table and its topic."""
    table, lines = events.comparison.table, list[str]()
    if not table.in_publication:
        lines.append("it is not in the connector's publication: its changes are not sent")
    lines += _misread_names(events)
    if not table.key:
        lines.append("it has no key: its rows are compared as multisets")
    if events.truncates:
        lines.append(f"{events.truncates} TRUNCATE, which the comparison follows")
    if taken.lone_tombstones:
        lines.append(
            f"{taken.lone_tombstones} tombstones of {taken.topic} follow no delete: what they "
            "delete is not known"
        )
    if moved_keys:
        lines.append(
            f"the events of {moved_keys} keys are in several partitions; they were ordered by LSN"
        )
    return tuple(lines)


def _misread_names(events: TableEvents) -> Iterator[str]:
    if events.other_topic:
        yield (
            "its name is not ASCII: Debezium 2.5 with pgoutput sends its snapshot here, and its "
            f"changes to {events.other_topic}"
        )
    names = [each.name for each in events.comparison.table.columns if not each.name.isascii()]
    if names:
        yield f"Debezium 2.5 with pgoutput misspells names that are not ASCII: {', '.join(names)}"
