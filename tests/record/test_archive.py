"""A history that is read back from disk gives the same verdicts."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from support.checks.__main__ import main
from support.checks.delivery import check_delivery
from support.errors import Explained
from support.record.archive import FILE, read_history, write_history
from support.results.schema import GREEN, Check, Verdict
from tests.checks.histories import history, log_of
from tests.checks.legal import ANOMALIES, legal_history


@pytest.mark.parametrize("anomaly", [None, *ANOMALIES])
def test_the_verdicts_are_the_same_offline(anomaly: str | None, tmp_path: Path) -> None:
    given = legal_history(random.Random(7), 2)
    if anomaly:
        given = ANOMALIES[anomaly][0](given)
    write_history(given, tmp_path / "history")
    assert check_delivery(read_history(tmp_path / "history")) == check_delivery(given)


def test_the_command_prints_every_check_and_has_an_exit_code_for_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = history("aa", log_of(0, 1))
    write_history(good, tmp_path / "history")
    assert main([str(tmp_path)]) == 0
    assert "PASS          lost: 0 records" in capsys.readouterr().out
    write_history(history("aa", log_of(0)), tmp_path / "red")
    assert main([str(tmp_path / "red")]) == 1
    assert "is gone: the log ends before it" in capsys.readouterr().out
    write_history(history("aa", log_of(0, 1), complete=False), tmp_path / "doubt")
    assert main([str(tmp_path / "doubt")]) == 2


@pytest.mark.parametrize("verdict", Verdict)
def test_a_green_history_has_exit_code_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: Verdict
) -> None:
    write_history(history("aa", log_of(0, 1)), tmp_path)
    found = (Check("a figure", verdict, 1, "", "no limit"),)
    monkeypatch.setattr("support.checks.__main__.check_delivery", lambda _: found)
    codes = {Verdict.FAIL: 1, Verdict.INCONCLUSIVE: 2}
    assert main([str(tmp_path)]) == (0 if verdict in GREEN else codes.get(verdict, 2))


def test_a_folder_without_a_history_is_refused_with_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "no readable history" in capsys.readouterr().err
    assert main([]) == 2
    (tmp_path / FILE).write_text('{"end_offsets": 5}')
    with pytest.raises(Explained, match="no readable history"):
        read_history(tmp_path)


def test_a_history_without_outcomes_of_commits_is_judged_as_far_as_possible(
    tmp_path: Path,
) -> None:
    write_history(legal_history(random.Random(7), 1), tmp_path)
    told = json.loads((tmp_path / FILE).read_text())
    del told["damaged"], told["unreadable"]
    for one in told["groups"][0]["sessions"]:
        del one["left"]
        for commit in one["commits"]:
            del commit["outcome"], commit["answered_ns"], commit["error"]
    (tmp_path / FILE).write_text(json.dumps(told))
    verdicts = {c.name: c.verdict.value for c in check_delivery(read_history(tmp_path))}
    assert verdicts["lost"] == verdicts["final commit"] == "PASS"
    assert verdicts["commit regression"] == "INCONCLUSIVE"
