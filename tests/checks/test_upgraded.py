"""Checks of one step of an upgrade."""

from __future__ import annotations

from support.checks.upgraded import stall_during, version_after, way_back
from support.results.schema import Verdict

WANTED = {"connect": "4.3.1", "debezium": "3.6.1.Final"}


def test_the_versions_are_those_that_were_wanted() -> None:
    check = version_after({**WANTED, "kafka": "4.3.1"}, WANTED)
    assert check.verdict is Verdict.MEASURED
    assert check.measured == "connect 4.3.1, debezium 3.6.1.Final"


def test_a_part_in_another_version_proves_nothing() -> None:
    check = version_after({**WANTED, "debezium": "2.5.4.Final"}, WANTED)
    assert check.verdict is Verdict.INCONCLUSIVE
    assert check.evidence == ("seen: connect 4.3.1, debezium 2.5.4.Final",)


def test_the_longest_stall_counts() -> None:
    check = stall_during([None, 1_500_000_000, 200_000_000])
    assert (check.measured, check.unit) == (1.5, "s")


def test_a_refusal_is_a_result_with_its_reason() -> None:
    refused, back = way_back("refused to start in 3.6.1: no such record"), way_back("")
    assert (refused.verdict, back.verdict) == (Verdict.MEASURED, Verdict.MEASURED)
    assert (refused.measured, back.measured) == ("refused", "open")
    assert refused.evidence == ("refused to start in 3.6.1: no such record",)
