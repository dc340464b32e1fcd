"""upgrade.md: whether to upgrade, and why."""

from __future__ import annotations

import dataclasses

import pytest

from support.report.documents import documents_of
from support.report.upgrade import upgrade_report, verdict_sentence
from support.results.schema import ScenarioResult, Verdict
from support.results.upgrade import ChangedDefault, UpgradeStep
from tests.results.examples import RESTART, RUN

BEFORE = {"kafka": "3.6.1", "connect": "3.6.1", "debezium": "2.5.4.Final", "metadata.version": "14"}
STEP = UpgradeStep(
    "broker restarted in the version after the upgrade",
    BEFORE,
    {**BEFORE, "kafka": "4.3.1"},
    7.25,
    7.5,
    8.0,
    6.125,
    changed_defaults=(
        ChangedDefault("broker", "num.recovery.threads.per.data.dir", "1", "2"),
        ChangedDefault("broker", "log.message.format.version", "3.0-IV1", None),
        ChangedDefault("broker", "share.group.mode", None, ""),
    ),
)
BROKER = dataclasses.replace(
    RESTART,
    name="Upgrade of the broker loses no message and no database change",
    tags=("upgrade",),
    verdict=Verdict.PASS,
    upgrade=STEP,
)
FINALISED = dataclasses.replace(
    BROKER,
    name="Finalising of metadata.version loses no message and no database change",
    upgrade=dataclasses.replace(STEP, before=STEP.after, startup_s=None, changed_defaults=()),
)
WORKER = dataclasses.replace(
    BROKER,
    name="Upgrade of Kafka Connect and Debezium loses no message and no database change",
    upgrade=dataclasses.replace(
        STEP,
        before=STEP.after,
        after={**STEP.after, "connect": "4.3.1", "debezium": "3.6.1.Final"},
        changed_defaults=(),
    ),
)
STEPS = (BROKER, FINALISED, WORKER)
WARNING = "broker: WARN log.retention.hours is deprecated"


def back(refused: str) -> ScenarioResult:
    step = dataclasses.replace(STEP, before=STEP.after, after=BEFORE, refused=refused)
    return dataclasses.replace(
        BROKER, name="The way back before it is finalised loses no message", upgrade=step
    )


def with_verdict(verdict: Verdict) -> ScenarioResult:
    return dataclasses.replace(BROKER, verdict=verdict)


def test_the_verdict_is_one_of_four() -> None:
    step = dataclasses.replace(STEP, warnings=(WARNING,))
    warned = dataclasses.replace(BROKER, upgrade=step)
    assert verdict_sentence(STEPS).startswith("**Go.** 3 steps: none lost")
    assert verdict_sentence([*STEPS, warned]).startswith("**Go, with these changes.**")
    failed, unclear = with_verdict(Verdict.FAIL), with_verdict(Verdict.INCONCLUSIVE)
    assert verdict_sentence([*STEPS, failed, unclear]).startswith("**Don't upgrade.**")
    assert verdict_sentence([*STEPS, unclear, warned]).startswith("**Not decided.**")


def test_a_part_of_the_steps_decides_nothing() -> None:
    assert verdict_sentence([BROKER, back("")]) == (
        "**Not decided.** Steps that this run did not take: metadata.version, Kafka Connect."
    )


def test_a_closed_way_back_does_not_change_the_verdict() -> None:
    closed = back("refused to start in 3.6.1: x")
    assert verdict_sentence([*STEPS, closed]).startswith("**Go.**")


def test_the_document_shows_steps_way_back_keys_and_defaults() -> None:
    warned = dataclasses.replace(STEP, warnings=(WARNING,))
    scenarios = (
        dataclasses.replace(BROKER, upgrade=warned),
        back(""),
        back("refused to start in 3.6.1: no such record"),
    )
    settings = {"kafka_to": "4.3.1", "debezium_to": "3.6.1.Final"}
    provenance = dataclasses.replace(RUN.provenance, settings=settings)
    text = upgrade_report(dataclasses.replace(RUN, scenarios=scenarios, provenance=provenance))
    assert "to Kafka 4.3.1 with Debezium 3.6.1.Final" in text
    row = next(line for line in text.splitlines() if line.startswith("| ✔ PASS | broker restarted"))
    assert [cell.strip() for cell in row.split("|")[5:-1]] == ["7.25", "7.50", "8.00", "6.12"]
    assert "Kafka 4.3.1, Connect 3.6.1, Debezium 2.5.4.Final, metadata.version level 14" in row
    assert "- The way back before it is finalised: open: it served all data." in text
    assert "closed: refused to start in 3.6.1: no such record." in text
    assert f"- {WARNING}" in text
    assert "| broker | `num.recovery.threads.per.data.dir` | 1 | 2 |" in text
    assert "Gone settings with a default: `log.message.format.version` (broker)." in text
    assert "New settings with a default: `share.group.mode` (broker)." in text
    assert "## Upgrade of the broker loses no message" in text


def test_a_step_that_recorded_nothing_is_a_row_too() -> None:
    broken = dataclasses.replace(BROKER, upgrade=None, verdict=Verdict.FAIL)
    text = upgrade_report(dataclasses.replace(RUN, scenarios=(broken,)))
    assert f"| ✖ FAIL | {BROKER.name} | – |" in text
    assert "Don't upgrade." in text


@pytest.mark.parametrize("verdict", [Verdict.SKIPPED, None])
def test_a_run_without_an_upgrade_has_no_such_document(verdict: Verdict | None) -> None:
    scenarios = (with_verdict(verdict),) if verdict else (RESTART,)
    assert "upgrade" not in documents_of(dataclasses.replace(RUN, scenarios=scenarios))
