"""The table of a bench has a line for each comparison, limit and size."""

from __future__ import annotations

from support.bench.figures import Cost, Goal, at_least
from support.bench.report import Grown, Report, table
from support.results.schema import Git, Host


def test_what_was_not_reached_is_marked() -> None:
    cost = Cost(100_000, 2.0, 0.5, 100 * 2**20)
    report = Report(
        "2026-11-25",
        Git("abc", False),
        Host("Linux", 2, 24 * 2**30, "3.11"),
        (at_least("replay", [120, 130], [100], 1.2), at_least("reading", [90, 90], [100], 1.2)),
        (Goal("time", 0.5, "s", 1.0), Goal("memory", 200.0, "MB", 100.0)),
        {},
        (Grown(100_000, 1_000, 3, cost, cost),),
    )
    lines = table(report)
    assert not any(line.startswith("replay") and "NOT REACHED" in line for line in lines)
    assert any(line.startswith("reading") and "NOT REACHED" in line for line in lines)
    assert any("memory" in line and "NOT REACHED" in line for line in lines)
    assert any("time" in line and line.endswith("reached") for line in lines)
    (grown,) = (line for line in lines if "3 partitions" in line)
    assert grown.split()[-6:] == ["50,000", "5.0", "100", "50,000", "5.0", "100"]
