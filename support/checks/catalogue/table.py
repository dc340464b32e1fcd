"""The catalogue as a Markdown document; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from support.checks.catalogue.entry import CheckEntry

TITLES = {
    "delivery": "Delivery",
    "cdc": "Change data capture",
    "performance": "Performance",
    "edge": "Edge cases",
    "reports": "Reports",
}
"""Topic -> heading, in the order of the document."""

HEAD = """# All checks

Written by `python -m support.checks.catalogue` from `support/checks/catalogue/`; do not edit.

A check is a pure function of recorded data with one verdict: PASS or FAIL where it has a limit,
INCONCLUSIVE where it could not be measured, MEASURED for a figure without a limit, DEVIATION where
the limit was missed for a documented cause that the evidence proves. A name with <word> stands for
several checks, one for each word.

"Seen red by" names a test that sabotages the real stack and has seen the check FAIL. All of them
run with `make red`, one with `.venv/bin/pytest TEST` in the project's folder. A check that can't
fail has none; that it can be INCONCLUSIVE is seen by `tests/checks/test_checks_without_red.py`.
"""

COLUMNS = ("Check", "Definition", "Needs", "FAIL when", "INCONCLUSIVE when", "Seen red by")
CANT_FAIL = "can't fail"


def document(entries: Sequence[CheckEntry], seen: Mapping[str, Sequence[str]]) -> str:
    """`seen`: check name -> tests that have seen it red."""
    parts = [HEAD]
    for topic, title in TITLES.items():
        rows = [entry for entry in entries if entry.topic == topic]
        parts += [f"## {title}\n", "\n".join(_table(rows, seen)) + "\n"]
    return "\n".join(parts)


def _table(rows: Sequence[CheckEntry], seen: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield _row(COLUMNS)
    yield _row(["---"] * len(COLUMNS))
    for entry in rows:
        tests = "<br>".join(f"`{test}`" for test in seen.get(entry.name, ()))
        yield _row(
            (
                f"**{_escaped(entry.name)}**",
                entry.definition,
                entry.needs,
                _fails(entry),
                entry.inconclusive,
                tests or ("not needed" if not entry.can_fail else "not yet"),
            )
        )


def _fails(entry: CheckEntry) -> str:
    """With the other verdicts that are not PASS."""
    others = (("MEASURED", entry.measures), ("DEVIATION", entry.deviates))
    told = [entry.fails or CANT_FAIL, *(f"*{verdict}:* {when}" for verdict, when in others if when)]
    return "<br>".join(told)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")
