"""The last screen of a run: the verdict, what failed and why, and where to look."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from support.report.page.answer import answer
from support.report.requirements import REQUIREMENTS
from support.report.verdict import NOTHING_RAN
from support.report.words import MARKS, measured
from support.results.schema import Check, RunResult, ScenarioResult, Verdict
from support.results.units import counted

LINES = 18
"""Two less than a screen of 20: behave adds that many when a run is aborted."""

READ = (
    "index.html",
    "performance.md",
    "delivery.md",
    "upgrade.md",
    "recommendations.md",
    "traceability.md",
    "comparison.md",
    "history.md",
    "glossary.md",
    "run.json",
    "allure-results",
    "junit",
    "logs",
)
COUNTS = {
    Verdict.FAIL: "failed",
    Verdict.INCONCLUSIVE: "not measured",
    Verdict.PASS: "passed",
    Verdict.DEVIATION: "with a deviation from the specification",
    Verdict.SKIPPED: "could not run here",
}
"""Verdict -> what scenarios with it are called, in the order of the last screen."""

RED = (Verdict.FAIL, Verdict.INCONCLUSIVE)
ELLIPSIS = " …"


def last_screen(run: RunResult, folder: Path, width: int) -> list[str]:
    """Returns at most LINES lines of at most `width` columns; only paths may be longer.

    What does not fit is counted, and is in the documents in `folder`.
    """
    rule = "=" * min(width, 72)
    trouble = run.trouble or (NOTHING_RAN if not _ran(run) else "")
    head = [rule, *_wrapped(f"{MARKS[run.verdict]}  {answer(run)}", width, 3)]
    head += _wrapped(_counts(run), width, 2)
    head += _wrapped(f"The run as a whole: {trouble}", width, 2) if trouble else []
    tail = ["", *_where(folder, width), rule]
    shown = _attention(run, width, LINES - len(head) - len(tail) - 1)
    return [*head, *([""] if shown else []), *shown, *tail]


def _ran(run: RunResult) -> bool:
    return any(s.verdict is not Verdict.SKIPPED for s in run.scenarios)


def _counts(run: RunResult) -> str:
    """Returns, say, `2 failed, 55 passed, 6 with a deviation from the specification`."""
    counts = ((sum(s.verdict is v for s in run.scenarios), words) for v, words in COUNTS.items())
    listed = ", ".join(f"{count} {words}" for count, words in counts if count)
    return f"{counted(len(run.scenarios), 'scenarios')}: {listed or 'none'}"


def _attention(run: RunResult, width: int, room: int) -> list[str]:
    """Returns what needs attention in at most `room` lines, the most severe first.

    The more scenarios are red, the fewer lines each has.
    """
    red = [s for verdict in RED for s in run.scenarios if s.verdict is verdict]
    others = [[_cut(line, width)] for line in (*_deviations(run), *_skipped(run))]
    layouts = [[_red(s, width, detail) for s in red] for detail in (2, 1, 0)]
    fitting = (blocks for blocks in layouts if sum(map(len, blocks)) < room)
    return _fitting([*next(fitting, layouts[-1]), *others], room)


def _red(s: ScenarioResult, width: int, detail: int) -> list[str]:
    """Returns one line, two lines, or up to four with the place, for `detail` 0, 1 and 2."""
    name = f"{MARKS[s.verdict]}  {s.name}"
    if not detail:
        return [_cut(f"{name}: {_why(s)}", width)]
    why = _wrapped(_why(s), width - 4, detail)
    place = [s.location] * (detail > 1)
    return [_cut(name, width), *(f"    {line}" for line in (*why, *place))]


def _deviations(run: RunResult) -> list[str]:
    """Returns a line for each deviation, once for all scenarios that have the same."""
    found = (s for s in run.scenarios if s.verdict is Verdict.DEVIATION)
    return list(dict.fromkeys(f"{MARKS[s.verdict]}  {_limits_of(s)}: {_why(s)}" for s in found))


def _limits_of(s: ScenarioResult) -> str:
    """Returns the success criteria and edge cases that a scenario is about, or its name."""
    about = [each for each in REQUIREMENTS if each in s.tags and each.startswith(("SC-", "EC-"))]
    return ", ".join(about) or s.name


def _skipped(run: RunResult) -> Iterator[str]:
    for s in run.scenarios:
        if s.verdict is Verdict.SKIPPED:
            yield f"{MARKS[s.verdict]}  {s.name}: {_why(s)}"


def _why(scenario: ScenarioResult) -> str:
    """Returns the reason in one line: the first check with the scenario's verdict, if there is one.

    Otherwise the error, and the next command that it names.
    """
    required = [c for c in scenario.checks if c.name in scenario.promises]
    found = [c for c in required if c.verdict is scenario.verdict]
    if found and scenario.verdict is not Verdict.SKIPPED:
        more = f" (and {counted(len(found) - 1, 'more checks')})" if len(found) > 1 else ""
        return f"{_of_check(found[0])}{more}"
    lines = [line.strip() for line in scenario.reason.splitlines()]
    following = [line for line in lines[1:] if line.startswith("next: ")]
    return "; ".join([*lines[:1], *following]) or "no reason was recorded"


def _of_check(check: Check) -> str:
    if check.verdict is Verdict.DEVIATION:
        return f"{check.name} {measured(check)}, specified: {check.objective}"
    facts = [] if check.measured is None else [measured(check)]
    facts += [*check.evidence[:1], f"wanted: {check.objective}"]
    return f"{check.name}: {'; '.join(facts)}"


def _fitting(blocks: Sequence[list[str]], room: int) -> list[str]:
    """Returns the first blocks that fit, and how many are left out."""
    if sum(map(len, blocks)) <= room:
        return [line for block in blocks for line in block]
    shown: list[str] = []
    for n, block in enumerate(blocks):
        if len(shown) + len(block) > room - 1:
            return [*shown, f"... and {len(blocks) - n} more in index.html"]
        shown += block
    return shown


def _where(folder: Path, width: int) -> list[str]:
    """Returns the path of the page, and what else is in the folder."""
    files = [name for name in READ if (folder / name).exists()]
    if not files:
        return [f"in {os.path.relpath(folder)}"]
    first, others = files[0], ", ".join(files[1:])
    next_to_it = _wrapped(f"  next to it: {others}", width, 1) if others else []
    return [f"read {os.path.relpath(folder / first)}", *next_to_it]


def _wrapped(text: str, width: int, lines: int) -> list[str]:
    return textwrap.wrap(
        " ".join(text.splitlines()),
        width,
        max_lines=lines,
        placeholder=ELLIPSIS,
        subsequent_indent="    ",
        break_on_hyphens=False,
    )


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - len(ELLIPSIS)].rstrip() + ELLIPSIS
