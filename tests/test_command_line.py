"""behave gives the same run from every folder, valid JSON on stdout, and JUnit where it should.

A project of two scenarios, with the hooks of this suite that need no stack, is run by behave.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import FIRST_LINE, NO_JOBS, UNBUFFERED
from support.settings import ROOT

FEATURE = """Feature: Numbers
  Scenario Outline: <number> is small
    When <number> is small
    Examples: of all kinds
      | number |
      | 1      |
      | 9      |
"""
STEPS = """from behave import when
@when("{number:d} is small")
def small(context, number):
    assert number < 5, "too large"
"""
HOOKS = f"""import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from command_line import adapt, add_junit, asked_junit, name_scenarios
name_scenarios()
def before_all(context):
    for remark in adapt(context.config, context._runner.formatters):
        print(remark, file=sys.stderr)
    add_junit(context.config, Path(__file__).parent / "run" / "junit")
    print("asked", asked_junit(context.config))
def after_all(context):
    print("the last screen")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "steps").mkdir(parents=True)
    (folder / "features").mkdir()
    (folder / "elsewhere").mkdir()
    (folder / "features" / "numbers.feature").write_text(FEATURE)
    (folder / "steps" / "numbers.py").write_text(STEPS)
    (folder / "environment.py").write_text(HOOKS)
    return folder


def behave(
    project: Path, *arguments: str, unbuffered: bool = False, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Runs behave in a folder that has no behave.ini."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    variables.pop("PYTHONUNBUFFERED", None)
    if unbuffered:
        variables["PYTHONUNBUFFERED"] = "1"
    return subprocess.run(
        [sys.executable, "-m", "behave", *arguments, str(project / "features")],
        cwd=project / "elsewhere",
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=variables,
    )


def names(folder: Path, *arguments: str) -> list[str]:
    """Returns the names of the scenarios that behave would run, called in that folder."""
    options = ("--dry-run", "-f", "json", "--runner=command_line:JsonRunner")
    done = subprocess.run(
        [sys.executable, "-m", "behave", *options, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    features = json.loads(done.stdout)
    return [each["name"] for feature in features for each in feature.get("elements", [])]


def test_scenarios_have_the_same_names_in_every_folder(tmp_path: Path) -> None:
    here = names(ROOT)
    assert len(here) > 60
    assert len(set(here)) == len(here)
    assert names(tmp_path, str(ROOT / "features")) == here


@pytest.mark.parametrize(
    "selection",
    [
        ["features/performance/startup.feature:17"],
        ["--name", "or topic weakens at-least-once"],
        ["--tags", "DELIV-1 and SC-003 and smoke"],
    ],
    ids=lambda selection: selection[0].partition("/")[0],
)
def test_scenarios_are_selected_by_line_name_or_tag(selection: list[str]) -> None:
    command = [sys.executable, "-m", "behave", "--dry-run", "-f", "plain", *selection]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\n  Scenario") == 1


def test_the_run_is_the_same_without_our_behave_ini(project: Path) -> None:
    done = behave(project)
    assert done.returncode == 1
    assert "Scenario Outline: 9 is small\n" in done.stdout
    assert done.stdout.rstrip().endswith("the last screen")
    assert "asked None" in done.stdout
    assert done.stderr == ""


def statuses(text: str) -> list[str]:
    (feature,) = json.loads(text)
    return [each["status"] for each in feature["elements"]]


def test_json_on_stdout_is_valid(project: Path) -> None:
    done = behave(project, "-f", "json")
    assert statuses(done.stdout) == ["passed", "failed"]
    assert done.stderr.startswith("USING RUNNER")
    assert done.stderr.rstrip().endswith("the last screen")
    assert UNBUFFERED not in done.stderr


def test_json_in_a_redirected_stdout_is_valid(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    with path.open("w") as stream:
        done = behave(project, "-f", "json.pretty", unbuffered=True, stdout=stream.fileno())
    assert statuses(path.read_text()) == ["passed", "failed"]
    assert UNBUFFERED not in done.stderr


def test_json_in_an_unbuffered_pipe_needs_our_runner(project: Path) -> None:
    done = behave(project, "-f", "json", unbuffered=True)
    assert done.stdout.startswith(FIRST_LINE)
    assert UNBUFFERED in done.stderr
    done = behave(project, "-f", "json", "--runner=command_line:JsonRunner", unbuffered=True)
    assert statuses(done.stdout) == ["passed", "failed"]
    assert UNBUFFERED not in done.stderr


def test_json_in_a_file_leaves_stdout_alone(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    done = behave(project, "-f", "json", "-o", str(path), "--runner=command_line:JsonRunner")
    assert statuses(path.read_text()) == ["passed", "failed"]
    assert "the last screen" in done.stdout


@pytest.mark.parametrize("option", [["--junit"], []], ids=["--junit", "--junit-directory alone"])
def test_junit_is_where_the_user_wants_it_and_in_the_run(
    project: Path, tmp_path: Path, option: list[str]
) -> None:
    done = behave(project, *option, f"--junit-directory={tmp_path / 'wanted'}", "-f", "plain")
    assert f"asked {tmp_path / 'wanted'}" in done.stdout
    own = [path.name for path in (project / "run" / "junit").iterdir()]
    assert own == ["TESTS-features.numbers.xml"]
    # Without --junit the copy is made at the end of the run.
    assert (tmp_path / "wanted" / own[0]).is_file() == bool(option)


def test_jobs_are_refused_in_words(project: Path) -> None:
    assert NO_JOBS in behave(project, "--jobs", "4").stderr
    assert NO_JOBS not in behave(project, "--jobs", "1").stderr
