"""A run never ends a stack that it took over; `make down` does, whatever is wrong."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from support.baseline import Baseline
from support.errors import SettingsError, StackError
from support.progress import Progress
from support.settings import Settings
from support.stack import __main__ as by_hand
from support.stack.attached.stack import AttachedStack
from support.stack.compose.launcher import PROJECT, ComposeLauncher
from support.stack.compose.parts import ComposeParts
from support.stack.compose.stack import ComposeStack
from support.stack.embedded.launcher import EmbeddedLauncher
from support.stack.embedded.parts import Parts
from support.stack.embedded.stack import EmbeddedStack
from support.stack.leftovers import lives
from support.stack.lifecycle import LocalStack, PartStatus
from support.stack.processes.commands import run_to_end
from support.stack.processes.supervised import Recipe, Supervised

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
PORTS = dict.fromkeys(
    ("kafka", "controller", "jmx", "connect", "postgres", "relayed", "relay", "kafka_ui"), 9
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(Settings, "home", property(lambda _: tmp_path))
    return Settings.load({})


def quiet() -> Progress:
    return Progress(io.StringIO())


def interrupted(*_: object) -> bool:
    raise KeyboardInterrupt


def test_an_embedded_stack_outlives_an_interruption_while_it_is_taken_over(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = Supervised(Recipe("broker", SLEEPER, tmp_path, tmp_path / "out"), tmp_path / "processes")
    part.start()
    try:
        first = EmbeddedLauncher(settings, quiet())
        first.state_file.write(PORTS, ())
        launcher = EmbeddedLauncher(settings, quiet())
        # The moment after the processes were found, before they are known to be usable.
        monkeypatch.setattr(Parts, "status", interrupted)
        monkeypatch.setattr(EmbeddedLauncher, "find_running", lambda self: _hold(self, part))
        with pytest.raises(KeyboardInterrupt):
            launcher.start()
        launcher.stop()
        assert part.alive()
        assert first.state_file.read() is not None
    finally:
        part.close()


@dataclass
class _Part:
    """As far as stopping the stack is concerned."""

    process: Supervised
    data = Path("/nowhere")

    def close(self) -> None:
        self.process.close()


def _hold(launcher: EmbeddedLauncher, part: Supervised) -> bool:
    launcher.parts = Parts({}, *(_Part(part) for _ in range(3)))  # type: ignore[arg-type]
    return True


def test_a_compose_stack_outlives_an_interruption_while_it_is_taken_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    class Project:
        def exists(self) -> bool:
            raise KeyboardInterrupt

        def down(self) -> None:
            ended.append("down")

    def prepare(self: ComposeLauncher) -> None:
        self.parts = ComposeParts.__new__(ComposeParts)
        self.parts.project = Project()  # type: ignore[assignment]

    monkeypatch.setattr(ComposeLauncher, "_prepare", prepare)
    launcher = ComposeLauncher(settings, quiet(), PROJECT)
    (settings.home / "compose" / PROJECT).mkdir(parents=True)
    launcher.state_file.write(PORTS, (), ui_trouble="")
    with pytest.raises(KeyboardInterrupt):
        launcher.start()
    launcher.stop()
    assert ended == []


@pytest.mark.parametrize("target", ["embedded", "compose"])
def test_a_stack_can_be_named_while_a_file_of_the_baseline_is_invalid(
    settings: Settings, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "baseline"
    broken.mkdir()
    read = Baseline.load
    monkeypatch.setattr(Baseline, "load", lambda overrides: read(overrides, broken))
    make = {"embedded": EmbeddedStack, "compose": ComposeStack}[target]
    stack = make(settings, quiet())
    with pytest.raises(SettingsError, match="can't be read"):
        assert stack.baseline
    if isinstance(stack, EmbeddedStack):
        EmbeddedLauncher(settings, quiet()).state_file.write(PORTS, ())
        assert stack.find_running()
        assert [part.state for part in stack.status()] == ["down"] * 3
        with pytest.raises(SettingsError, match="can't be read"):
            stack.start()
        assert stack.take_down() == []


def test_targets_that_the_suite_starts_are_known_while_they_do_not_run(settings: Settings) -> None:
    for local in (EmbeddedStack(settings, quiet()), ComposeStack(settings, quiet())):
        assert isinstance(local, LocalStack)
    attached: object = AttachedStack.__new__(AttachedStack)
    assert not isinstance(attached, LocalStack)


class Starting:
    """A LocalStack that is interrupted, or becomes useless, while it starts."""

    outlives_run = False

    def __init__(self, error: BaseException) -> None:
        self.error, self.calls = error, list[str]()

    def start(self) -> None:
        self.calls.append("start")
        raise self.error

    def stop(self) -> None:
        self.calls.append("stop")

    def leave_running(self) -> None:
        self.calls.append("leave")

    def status(self) -> list[PartStatus]:
        return []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), StackError("no")])
def test_what_make_up_began_is_ended_when_it_is_interrupted(
    settings: Settings, error: BaseException
) -> None:
    stack = Starting(error)
    made: Any = stack
    with pytest.raises(type(error)):
        by_hand._up(settings, made, quiet())
    assert stack.calls == ["start", "stop"]


def test_a_command_has_an_end_and_leaves_neither_process_nor_record(tmp_path: Path) -> None:
    records = tmp_path / "processes"
    with pytest.raises(StackError, match="sleeper did not finish in time"):
        run_to_end("sleeper", SLEEPER, tmp_path, records, timedelta(milliseconds=200))
    assert list(records.iterdir()) == []
    done = run_to_end(
        "false",
        (sys.executable, "-c", "print('why'); exit(3)"),
        tmp_path,
        records,
        timedelta(seconds=20),
    )
    assert (done.code, done.words) == (3, "why\n")


def test_a_run_goes_on_as_long_as_its_process_does() -> None:
    now = datetime.now(UTC)
    name = f"kafka-validation-{now:%Y%m%d-%H%M%S}-{os.getpid()}-3-load"
    assert lives(name, now)
    assert lives(name.replace("-", "_"), now)
    gone = subprocess.Popen(SLEEPER)
    gone.kill()
    gone.wait()
    assert not lives(name.replace(str(os.getpid()), str(gone.pid)), now)
    # A later process has the number of one that ended.
    began = datetime.fromtimestamp(psutil.Process().create_time(), UTC) - timedelta(minutes=5)
    assert not lives(f"kafka-validation-{began:%Y%m%d-%H%M%S}-{os.getpid()}-3-load", now)
    assert lives("kafka-validation-ready", now)
