"""Renders a survey as plain text, and decides the exit code."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from support.survey.captured import captured_tables
from support.survey.findings import ContainersFound, Findings, MetricsFound, Part, UiFound
from support.survey.judge_connect import judge_connect
from support.survey.judge_database import judge_database
from support.survey.judge_kafka import judge_kafka
from support.survey.lines import Level, Line, counted, fine, note, unusable, warning
from support.survey.scenarios import Prospect, table

USABLE, NOT_USABLE = 0, 2
"""Exit codes."""
WIDTH = 100
RUNNING = "running"

Judged = Sequence[tuple[Part[object], Sequence[Line]]]


def judged(found: Findings, cdc_topics: Sequence[str]) -> Judged:
    """Returns the lines about each part.

    `cdc_topics`: the names that the settings expect, for a stack without a connector of the team.
    """
    connect, database = found.connect.found, found.database.found
    captured = captured_tables(connect, database)
    topics = sorted({each.topic for each in captured if each.topic}) or list(cdc_topics)
    name = database.name if database else ""
    lines: Mapping[str, Iterable[Line]] = {
        found.kafka.name: judge_kafka(found.kafka.found, topics) if found.kafka.found else (),
        found.connect.name: judge_connect(connect, captured, name) if connect else (),
        found.database.name: judge_database(database, captured) if database else (),
    }
    every: list[tuple[Part[object], Sequence[Line]]] = []
    parts: Sequence[Part[object]] = (found.kafka, found.connect, found.database, *found.more)
    for part in parts:
        if part.trouble:
            every.append((part, [unusable(part.trouble)]))
        else:
            every.append((part, list(lines.get(part.name) or _more(part.found))))
    return every


def _more(found: object) -> Iterator[Line]:
    """Yields the lines about a Kafka UI, metrics, or containers."""
    if isinstance(found, UiFound) and found.clusters:
        yield fine(f"it shows {', '.join(found.clusters)}")
    elif isinstance(found, UiFound):
        yield warning("it reaches no cluster", "compare its bootstrap servers with Kafka's")
    elif isinstance(found, MetricsFound):
        yield fine(f"{found.kind} reports the CPU and the memory of the broker")
        yield from (
            note(f"{what} is not measured: {why}") for what, why in found.unmeasured.items()
        )
    elif isinstance(found, ContainersFound):
        for setting, state in found.states.items():
            say = fine if state == RUNNING else unusable
            yield say(f"{setting}: {state}")


def exit_code(parts: Judged) -> int:
    """Returns NOT_USABLE if a run would be refused because of a part."""
    problems = [line for _, lines in parts for line in lines if line.level is Level.UNUSABLE]
    return NOT_USABLE if problems else USABLE


def report(found: Findings, parts: Judged, could: Sequence[Prospect]) -> Iterator[str]:
    """Yields the report, line by line."""
    for part, lines in parts:
        yield f"{part.name}  {part.address}".rstrip()
        for line in sorted(lines, key=lambda each: list(Level).index(each.level), reverse=True):
            yield from _wrapped(line)
        yield ""
    count = sum(line.level is Level.UNUSABLE for _, lines in parts for line in lines)
    if count:
        yield f"{counted(count, 'PROBLEM')}: a run would be refused, or fail. Without that:"
    yield from (each for line in table(could) for each in _fold(line))
    yield ""
    yield f"Looked for {found.took_s:g} s. Nothing was created or changed."


def of_our_own(target: str, could: Sequence[Prospect]) -> Iterator[str]:
    """Yields the report about a target that the suite starts itself, line by line."""
    text = (
        f"The suite starts the target {target} itself: there is nothing to look at before. A run "
        "checks it at its start (ports, disk, settings); make status shows what is up. To look at "
        "a stack that others run: -D stack=stack.toml (docs/stack.example.toml), or "
        "-D target=attach -D bootstrap=... -D connect=... -D database=..."
    )
    yield from _wrap(text, "", "")
    yield ""
    yield from (each for line in table(could) for each in _fold(line))


def _wrapped(line: Line) -> Iterator[str]:
    first, *rest = line.text.splitlines() or [""]
    begin = f"  {line.level.value:8} "
    yield from _wrap(first, begin, " " * 11)
    for each in [*rest, *([f"next: {line.then}"] if line.then else [])]:
        yield from _wrap(each.strip(), " " * 11, " " * 13)


def _wrap(text: str, begin: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=begin, subsequent_indent=indent, break_on_hyphens=False
    )


def _fold(line: str) -> list[str]:
    """Folds a long line under its own beginning."""
    indent = " " * (len(line) - len(line.lstrip()))
    return _wrap(line.strip(), indent, f"{indent}     ")
