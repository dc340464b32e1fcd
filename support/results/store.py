"""Writes results so that a reader never sees half a file, and reads them back, typed."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

import msgspec

from support.errors import Explained, SettingsError
from support.results.schema import SCHEMA_VERSION, RunResult, ScenarioResult

LONGEST_NAME = 120
READABLE = tuple(range(1, SCHEMA_VERSION + 1))
"""Versions of the format that `read_run` understands."""


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside `path`, flush to disk, then rename: old content or new, never a mixture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    staged = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        staged.chmod(0o644)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


class ResultsStore:
    """The folder `reports/<run-id>/` of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """The folder itself. Raises SettingsError where it can't be made."""
        try:
            self.folder.mkdir(parents=True)
        except OSError as error:
            raise SettingsError(
                f"The folder {self.folder.parent} for reports can't be written to.",
                seen=error.strerror or str(error),
                then="-D reports=FOLDER names another one",
            ) from error

    def remove_empty(self) -> None:
        """The folder of a run that came to nothing."""
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def write_trial(self, result: ScenarioResult) -> Path:
        """One scenario, written when it ends; a run that is cut off keeps what was done."""
        path = self.folder / "trials" / f"{file_name(result.feature, result.name)}.json"
        write_atomically(path, _pretty(result))
        return path

    def write_run(self, result: RunResult) -> Path:
        path = self.folder / "run.json"
        write_atomically(path, _pretty(result))
        return path

    def link_latest(self) -> None:
        """Point `reports/latest` here, in one step."""
        staged = self.folder.parent / f".latest-{os.getpid()}"
        staged.unlink(missing_ok=True)
        staged.symlink_to(self.folder.name)
        staged.replace(self.folder.parent / "latest")


def read_run(folder: Path) -> RunResult:
    """The run recorded in `folder`. Raises Explained for none, a damaged or a newer one."""
    path = folder / "run.json"
    try:
        raw = path.read_bytes()
        version = msgspec.json.decode(raw)["schema_version"]
        if version not in READABLE:
            raise Explained(
                f"{path} was written in another version of the format.",
                seen=str(version),
                wanted=" or ".join(map(str, READABLE)),
            )
        return msgspec.json.decode(raw, type=RunResult)
    except (OSError, KeyError, TypeError, msgspec.MsgspecError) as error:
        raise Explained(
            f"There is no readable result in {folder}.", seen=str(error), then="make validate"
        ) from error


def file_name(*parts: str) -> str:
    """Words as a file name: lower case, dashes, at most 120 characters; what is cut is told apart
    by a short digest of the whole."""
    text = re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower()).strip("-")
    if len(text) <= LONGEST_NAME:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{text[: LONGEST_NAME - 9].rstrip('-')}-{digest}"


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
