"""Results are written atomically and read back as typed values; other files are refused."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path

import pytest

from support.errors import Explained, SettingsError
from support.report.verdict import unreported_trouble
from support.results.renamed import SINCE_4, renamed
from support.results.schema import SCHEMA_VERSION, Verdict, verdict_of_run, worst
from support.results.store import ResultsStore, file_name, read_run, write_atomically
from tests.results.examples import RUN, THROUGHPUT

CONTRACT = {
    "schema_version",
    "run_id",
    "target",
    "scale",
    "started",
    "ended",
    "seed",
    "provenance",
    "verdict",
    "scenarios",
}
SCENARIO = {"feature", "name", "tags", "verdict", "reason", "duration_s", "checks"}
CHECK = {"name", "verdict", "measured", "unit", "objective", "evidence", "deviation", "limit"}


def test_deviations_leave_a_run_green_and_figures_alone_prove_nothing() -> None:
    assert verdict_of_run([Verdict.PASS, Verdict.DEVIATION]) is Verdict.PASS
    assert verdict_of_run([Verdict.DEVIATION, Verdict.FAIL]) is Verdict.FAIL
    assert worst([Verdict.MEASURED, Verdict.PASS]) is Verdict.PASS
    assert worst([Verdict.PASS, Verdict.DEVIATION]) is Verdict.DEVIATION
    assert worst([Verdict.DEVIATION, Verdict.INCONCLUSIVE]) is Verdict.INCONCLUSIVE


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    ResultsStore(tmp_path).write_run(RUN)
    assert read_run(tmp_path) == RUN


def test_the_folder_of_a_run_without_results_is_removed(tmp_path: Path) -> None:
    store = ResultsStore(tmp_path / "20261125-120000-1")
    store.make()
    store.remove_empty()
    assert not store.folder.exists()
    store.make()
    store.write_trial(THROUGHPUT)
    store.remove_empty()
    assert store.folder.is_dir()


def test_a_folder_that_can_not_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="for reports can't be written to"):
        ResultsStore(tmp_path / "file" / "run").make()


def test_the_keys_that_others_rely_on(tmp_path: Path) -> None:
    written = json.loads(ResultsStore(tmp_path).write_run(RUN).read_text())
    assert set(written) >= CONTRACT
    assert set(written["provenance"]) >= {"git", "versions", "host", "settings"}
    assert set(written["scenarios"][0]) >= SCENARIO
    assert set(written["scenarios"][0]["checks"][0]) == CHECK
    assert written["scenarios"][0]["verdict"] == "PASS"


def test_each_scenario_has_its_own_file(tmp_path: Path) -> None:
    path = ResultsStore(tmp_path).write_trial(THROUGHPUT)
    assert path.parent.name == "trials"
    assert json.loads(path.read_text())["name"] == THROUGHPUT.name


def test_a_failed_write_leaves_the_old_content_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["run.json"]


def test_latest_follows_the_newest_run(tmp_path: Path) -> None:
    for name in ("one", "two"):
        store = ResultsStore(tmp_path / name)
        store.write_run(RUN)
        store.link_latest()
    assert (tmp_path / "latest").readlink() == Path("two")


@pytest.mark.parametrize("content", [None, "{", "{}", '{"schema_version": 999}', "[]"])
def test_a_folder_without_a_readable_run_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    with pytest.raises(Explained):
        read_run(tmp_path)
    assert SCHEMA_VERSION != 999


def test_fail_outweighs_doubt_and_doubt_outweighs_success() -> None:
    order = [Verdict.SKIPPED, Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL]
    for weaker, stronger in itertools.pairwise(order):
        assert worst([weaker, stronger, weaker]) is stronger
    assert worst([]) is Verdict.INCONCLUSIVE


def test_file_names_are_short_and_plain() -> None:
    assert file_name("A crash (SIGKILL) & more", "x") == "a-crash-sigkill-more-x"
    assert len(file_name("long " * 100)) <= 120


def test_a_run_that_is_not_green_never_ends_with_exit_code_0() -> None:
    green = dataclasses.replace(RUN, verdict=Verdict.PASS, scenarios=(THROUGHPUT,))
    assert unreported_trouble(green, failed=False) == ""
    doubtful = dataclasses.replace(green, verdict=Verdict.INCONCLUSIVE)
    assert unreported_trouble(doubtful, failed=False) == "the run is INCONCLUSIVE"
    assert unreported_trouble(doubtful, failed=True) == ""
    assert (
        unreported_trouble(dataclasses.replace(green, trouble="cut off"), failed=True) == "cut off"
    )
    left_out = dataclasses.replace(THROUGHPUT, verdict=Verdict.SKIPPED)
    skipped = dataclasses.replace(green, scenarios=(left_out,))
    assert "no scenario was run" in unreported_trouble(skipped, failed=False)


def test_older_names_of_checks_and_keys_are_read(tmp_path: Path) -> None:
    path = ResultsStore(tmp_path).write_run(RUN)
    for old, new in SINCE_4.items():
        path.write_text(path.read_text().replace(f'"{new}"', f'"{old}"'))
    assert read_run(tmp_path) == RUN
    assert renamed(rb'{"place kept": "a \"place kept\""}', SINCE_4) == (
        rb'{"position kept": "a \"place kept\""}'
    )
