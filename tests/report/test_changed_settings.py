"""Every other difference between two runs is named next to their figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from support.report.changed_settings import SHOWN, changed_settings
from support.results.schema import RunResult
from tests.results.examples import RUN

DEFAULTS = {"num.recovery.threads.per.data.dir": "1", "zookeeper.connect": "", "log.dir": "/a"}
BROKER = {"message.max.bytes": "1048588", "listeners": "PLAINTEXT://127.0.0.1:9092"}


def run(version: str, in_force: Mapping[str, Mapping[str, str]]) -> RunResult:
    provenance = dataclasses.replace(RUN.provenance, versions={"kafka": version}, in_force=in_force)
    return dataclasses.replace(RUN, provenance=provenance)


def test_versions_settings_and_defaults_that_differ_are_listed() -> None:
    base = run("3.6.1", {"broker": BROKER, "broker defaults": DEFAULTS})
    changed = {
        "num.recovery.threads.per.data.dir": "2",
        "share.coordinator.threads": "1",
        "log.dir": "/b",
    }
    elsewhere = {**BROKER, "listeners": "PLAINTEXT://127.0.0.1:9099"}
    now = run("4.3.1", {"broker": elsewhere, "broker defaults": changed})
    lines = changed_settings(base, now)
    rows = [line for line in lines if line.startswith("| ")][1:]
    assert rows == [
        "| version | kafka | 3.6.1 | 4.3.1 |",
        "| broker defaults | num.recovery.threads.per.data.dir | 1 | 2 |",
    ]
    assert "Settings that only the broker of base knows: `zookeeper.connect`." in lines
    assert "Settings that only the broker of this run knows: `share.coordinator.threads`." in lines


def test_a_setting_that_only_one_run_has_in_force_is_listed() -> None:
    base = run("3.6.1", {"topic": {"retention.ms": "1"}})
    now = run("3.6.1", {"topic": {"retention.ms": "1", "cleanup.policy": "compact"}})
    assert "| topic | cleanup.policy | – | compact |" in changed_settings(base, now)


def test_a_run_of_an_earlier_version_of_the_suite_has_no_defaults_to_compare() -> None:
    base, now = run("3.6.1", {}), run("3.6.1", {"broker defaults": DEFAULTS})
    assert changed_settings(base, now) == []


def test_the_same_settings_need_no_section() -> None:
    base = run("3.6.1", {"broker": BROKER, "broker defaults": DEFAULTS})
    assert changed_settings(base, base) == []


def test_many_names_are_counted() -> None:
    many = {f"a.{n:02}": "1" for n in range(SHOWN + 3)}
    base = run("3.6.1", {"broker defaults": DEFAULTS})
    lines = changed_settings(base, run("3.6.1", {"broker defaults": {**DEFAULTS, **many}}))
    assert lines[-1].endswith("`a.39` and 3 more.")
