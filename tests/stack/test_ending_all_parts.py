"""The embedded stack ends every part, also after one that could not be ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.errors import StackError
from support.progress import Progress
from support.settings import Settings
from support.stack.embedded.isolated import IsolatedProcesses
from support.stack.embedded.launcher import EmbeddedLauncher
from support.stack.embedded.parts import Parts


class Part:
    """Implements what is called of a part and of its process."""

    def __init__(self, data: Path, *, stuck: bool = False) -> None:
        self.process, self.data, self.closed, self._stuck = self, data, False, stuck

    def close(self) -> None:
        self.closed = True
        if self._stuck:
            raise StackError("it does not end")


@pytest.mark.parametrize("stuck", ["broker", "connect", "postgres"])
def test_the_other_parts_end_and_their_data_is_removed(tmp_path: Path, stuck: str) -> None:
    (tmp_path / "data").mkdir()
    names = ("broker", "connect", "postgres")
    made: Any = {name: Part(tmp_path / "data", stuck=name == stuck) for name in names}
    with pytest.raises(StackError, match="it does not end"):
        Parts({}, **made).close()
    assert [name for name in names if made[name].closed] == list(names)
    # The data of a broker that may be alive stays.
    assert (tmp_path / "data").exists() == (stuck == "broker")


def test_every_isolated_process_is_ended(tmp_path: Path) -> None:
    isolated = IsolatedProcesses(Settings.load({}, {}), tmp_path, tmp_path)
    first, last = Part(tmp_path), Part(tmp_path, stuck=True)
    isolated._open += [first, last]
    with pytest.raises(StackError, match="it does not end"):
        isolated.close()
    assert first.closed
    assert last.closed
    isolated.close()


def test_the_stack_ends_although_an_isolated_process_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "home", property(lambda _: tmp_path))
    launcher: Any = EmbeddedLauncher(Settings.load({}, {}), Progress())
    parts = Part(tmp_path)
    launcher.isolated, launcher.parts = Part(tmp_path, stuck=True), parts
    with pytest.raises(StackError, match="it does not end"):
        launcher.stop()
    assert parts.closed
