"""An effect is significant when it exceeds the difference of two readings without the setting."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from support.baseline import Baseline
from support.report.advice import Advice
from support.report.figures import Figure
from support.report.recommendations import recommendations_report
from support.report.tuning import improvements, merged, tuning_report
from support.results.schema import Git, Host
from support.results.store import write_atomically
from support.results.tuning import FILE, Tried, Tuning, read_tuning
from support.settings import ROOT, Settings
from support.tuning.__main__ import main, replaced_by
from support.tuning.candidates import CANDIDATES, Ground
from support.tuning.effects import Legs, effects
from tests.results.examples import RUN
from tests.test_features import features

NAME = "load | throughput"


def reading(value: float, unit: str = "records/s", *, higher: bool = True) -> dict[str, Figure]:
    return {NAME: Figure((value,), unit, higher)}


def waits(before: float, tried: float, again: float) -> Legs:
    a, b, c = (reading(value, "ms", higher=False) for value in (before, tried, again))
    return a, b, c


@pytest.mark.parametrize(
    ("before", "tried", "again", "significant", "better"),
    [
        (100, 130, 102, True, True),
        (100, 70, 102, True, False),
        (100, 111, 102, False, False),
        (100, 130, 120, False, False),
        (100, 150, 120, True, True),
        (100, 100, 100, False, False),
    ],
)
def test_a_difference_counts_beyond_noise_only(
    before: float, tried: float, again: float, significant: bool, better: bool
) -> None:
    legs = (reading(before), reading(tried), reading(again))
    (effect,) = effects(legs, ("throughput",))
    assert (effect.significant, effect.better) == (significant, better)


def test_a_lower_figure_can_be_better_and_a_small_difference_counts_for_nothing() -> None:
    legs = waits(20.0, 5.0, 21.0)
    (effect,) = effects(legs, ("throughput",))
    assert effect.better
    assert f"{effect.change:.0%}" == "-76%"
    assert not next(effects(waits(4.0, 2.0, 4.1), ("throughput",))).significant
    assert list(effects(legs, ("latency p95",))) == []


def tuning_of(*legs: tuple[float, float, float], broken: tuple[str, ...] = ()) -> Tuning:
    found = tuple(
        effect
        for before, tried, again in legs
        for effect in effects((reading(before), reading(tried), reading(again)), ("throughput",))
    )
    settings = {"producer.linger.ms": "20"}
    old = {"producer.linger.ms": "5"}
    one = Tried("linger-20", settings, "larger batches", "waits", found, broken, old)
    return Tuning(
        "2026-11-25 12:00 UTC", Git("abc", False), Host("Linux", 2, 1, "3.11"), 0.3, (one,)
    )


def test_only_settings_that_made_nothing_worse_are_advised() -> None:
    good = tuning_of((100, 150, 101))
    text = recommendations_report(RUN, good)
    effect = "make tune: throughput 100.50 → 150.00 records/s (+49%, noise ±1%)"
    assert f"| `producer.linger.ms`: 5 → 20 | {effect} | waits | to do |" in text
    assert "`make tune` tried 1 setting on 2026-11-25 12:00 UTC: 1 ✔ better." in text
    assert list(improvements(tuning_of((100, 150, 101), (100, 50, 101)))) == []
    assert list(improvements(tuning_of((100, 104, 101)))) == []
    bad = tuning_of((100, 150, 101), broken=("lost",))
    assert list(improvements(bad)) == []
    assert "not passed: lost" in tuning_report(bad)
    assert "No setting was tried on this machine" in recommendations_report(RUN)


def test_the_document_has_every_figure_and_the_largest_gain_first() -> None:
    (linger,) = tuning_of((100, 150, 101)).tried
    (more,) = tuning_of((100, 190, 101)).tried
    (none,) = tuning_of((100, 104, 101)).tried
    more = dataclasses.replace(more, settings={"kafka_heap": "512m"}, replaced={})
    acks = dataclasses.replace(more, settings={"producer.acks": "1"})
    tuning = dataclasses.replace(tuning_of(), tried=(none, acks, linger, more))
    text = tuning_report(tuning)
    results = [line for line in text.splitlines() if line.startswith(("| ✔", "| ✖", "| –"))]
    assert [line.split(" | ")[0] for line in results] == [
        "| ✔ better",
        "| ✔ better",
        "| ✖ weakens the guarantee",
        "| – no significant effect",
    ]
    assert "`kafka_heap`: default → 512m" in results[0]
    row = "| `producer.linger.ms=20` | load | throughput | 100.00 records/s | 150.00 records/s |"
    assert f"{row} 101.00 records/s | +49% (significant) | ±1% |" in text
    assert "commit `abc`" in text


def test_what_a_rule_advises_has_the_effect_that_was_measured_here() -> None:
    key = "broker.broker.session.timeout.ms"
    rule = Advice("slow", "change it", "15.2 → 5.5 s", gain=0.6, settings={key: "3000"})
    (tried,) = tuning_of((100, 150, 101)).tried
    same = dataclasses.replace(tried, settings={key: "3000"})
    first, second = merged([rule], dataclasses.replace(tuning_of(), tried=(same, tried)))
    assert first.finding == "slow"
    assert first.effect.startswith("15.2 → 5.5 s; make tune: throughput 100.50 → 150.00")
    assert second.settings == tried.settings


def test_a_candidate_records_the_values_that_it_replaces() -> None:
    about = dataclasses.replace(RUN.provenance, in_force={"producer": {"linger.ms": "5"}})
    before = dataclasses.replace(RUN, provenance=about)
    settings = {"producer.linger.ms": "0", "producer.batch.size": "1", "kafka_heap": "512m"}
    assert replaced_by(settings, before) == {"producer.linger.ms": "5", "kafka_heap": "1g"}


def test_a_sweep_is_read_back_and_a_damaged_file_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_tuning(tmp_path) is None
    write_atomically(tmp_path / FILE, msgspec.json.encode(tuning_of((100, 150, 101))))
    assert read_tuning(tmp_path) == tuning_of((100, 150, 101))
    (tmp_path / FILE).write_text("{")
    assert read_tuning(tmp_path) is None
    assert "tuning.json can't be read" in capsys.readouterr().err


@pytest.mark.parametrize("name", CANDIDATES)
def test_candidates_are_settings_and_scenarios_that_exist(name: str) -> None:
    candidate = CANDIDATES[name]
    settings = Settings.load(candidate.settings)
    assert settings != Settings.load({})
    changed = Baseline.load(settings.overrides)
    assert changed != Baseline.load({}) or settings.kafka_heap != Settings.load({}).kafka_heap
    tagged = [
        set(scenario.effective_tags)
        for feature in features()
        for scenario in feature.walk_scenarios()
    ]
    for tag in candidate.ground.tags:
        # So that each run is a short one, and that its figures are of one scenario.
        assert sum(tag in tags for tags in tagged) == 1, tag


def test_a_ground_is_chosen_by_its_tags() -> None:
    ground = Ground(("BENCH-1", "BENCH-4"), ("throughput",))
    assert ground.expression == "@BENCH-1 or @BENCH-4"
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "behave",
            "--dry-run",
            "--format",
            "plain",
            "--no-summary",
            "--tags",
            ground.expression,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.count("Scenario: ") == len(ground.tags)


def test_an_unknown_name_is_refused_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lingr"]) == 2
    assert "There is no setting named lingr." in capsys.readouterr().err
    assert main(["linger-0", "--docs"]) == 2
    assert "--docs takes no names" in capsys.readouterr().err
