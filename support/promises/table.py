"""Writes the descriptions of all checks as a Markdown document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from support.promises.words import Words

TITLES = {
    "delivery": "Delivery",
    "cdc": "Change data capture",
    "performance": "Performance",
    "edge": "Edge cases",
    "reports": "Reports",
    "upgrade": "Upgrades",
}
"""Topic -> heading, in the order of the document."""

HEAD = """# All checks

Written by `python -m support.promises` from `support/promises/`; do not edit.

A check is a pure function of a scenario's record with one verdict: PASS or FAIL if it has a limit,
MEASURED for a figure without a limit, INCONCLUSIVE if it could not be measured, DEVIATION if the
limit was missed for a documented cause that the evidence proves. A name with <word> stands for
several checks, one for each word.

"Seen red by" names a test that sabotages the real stack and has seen the check FAIL. `make red`
runs all of them, `.venv/bin/pytest TEST` in the project's folder runs one. A check that can't fail
has none; `tests/checks/test_checks_without_red.py` shows that it can be INCONCLUSIVE.
"""

COLUMNS = ("Check", "Definition", "Needs", "FAIL when", "INCONCLUSIVE when", "Seen red by")
CANT_FAIL = "can't fail"


def document(entries: Sequence[Words], seen: Mapping[str, Sequence[str]]) -> str:
    """Returns the document. `seen`: check name -> tests that have seen it fail."""
    parts = [HEAD]
    for topic, title in TITLES.items():
        rows = [entry for entry in entries if entry.topic == topic]
        parts += [f"## {title}\n", "\n".join(_table(rows, seen)) + "\n"]
    return "\n".join(parts)


def _table(rows: Sequence[Words], seen: Mapping[str, Sequence[str]]) -> Iterator[str]:
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


def _fails(entry: Words) -> str:
    """Says when a check is FAIL, MEASURED or DEVIATION."""
    others = (("MEASURED", entry.measures), ("DEVIATION", entry.deviates))
    lines = [f"*{verdict}:* {when}" for verdict, when in others if when]
    return "<br>".join([entry.fails or CANT_FAIL, *lines])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")
