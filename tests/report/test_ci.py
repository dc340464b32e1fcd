"""Markers and annotations are what GitHub's and GitLab's logs understand, and nothing elsewhere."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from support.report.ci import ci_log
from support.results.schema import Verdict
from tests.results.examples import RESTART, THROUGHPUT

AT = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ROOT = Path("/home/runner/work/app/app/kafka")
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/home/runner/work/app/app"}
FAILED = dataclasses.replace(
    RESTART,
    name="1,000 messages: none lost",
    reason="lost: FAIL\n  measured: 100 %",
    location="features/delivery/x.feature:7",
)


def test_github_annotates_the_line_of_each_scenario_that_is_red() -> None:
    doubtful = dataclasses.replace(
        THROUGHPUT,
        name="a burst",
        verdict=Verdict.INCONCLUSIVE,
        reason="",
        location="features/y.feature:9",
    )
    skipped = dataclasses.replace(THROUGHPUT, verdict=Verdict.SKIPPED)
    deviating = dataclasses.replace(THROUGHPUT, verdict=Verdict.DEVIATION)
    found = ci_log(GITHUB, ROOT).annotations([FAILED, THROUGHPUT, doubtful, skipped, deviating])
    assert list(found) == [
        "::error file=kafka/features/delivery/x.feature,line=7,"
        "title=FAIL%3A 1%2C000 messages%3A none lost::lost: FAIL%0A  measured: 100 %25\n",
        "::error file=kafka/features/y.feature,line=9,"
        "title=INCONCLUSIVE%3A a burst::INCONCLUSIVE\n",
    ]


def test_a_suite_at_the_root_of_the_workspace_has_no_prefix() -> None:
    (line,) = ci_log(GITHUB, Path(GITHUB["GITHUB_WORKSPACE"])).annotations([FAILED])
    assert line.startswith("::error file=features/delivery/x.feature,line=7,")


def test_github_groups_a_feature() -> None:
    log = ci_log(GITHUB, ROOT)
    assert log.opening("No loss", AT) == "::group::No loss\n"
    assert log.closing("No loss", AT) == "::endgroup::\n"


def test_gitlab_has_sections_with_names_that_it_allows() -> None:
    log = ci_log({"GITLAB_CI": "true"}, ROOT)
    title = "Kafka's own tools: 1 MB"
    assert log.opening(title, AT) == (
        f"\x1b[0Ksection_start:1795867200:kafka_s_own_tools_1_mb\r\x1b[0K{title}\n"
    )
    assert log.closing(title, AT) == (
        "\x1b[0Ksection_end:1795867200:kafka_s_own_tools_1_mb\r\x1b[0K\n"
    )
    assert list(log.annotations([FAILED])) == []


def test_elsewhere_nothing_is_marked() -> None:
    for environment in ({}, {"GITHUB_ACTIONS": "false"}, {"GITLAB_CI": ""}):
        log = ci_log(environment, ROOT)
        assert log.opening("a", AT) == log.closing("a", AT) == ""
        assert list(log.annotations([FAILED])) == []
