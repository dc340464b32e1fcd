"""Writes results atomically, and reads them back as typed values."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

import msgspec

from support.errors import Explained, SettingsError
from support.results.renamed import SINCE_4, renamed
from support.results.schema import SCHEMA_VERSION, RunResult, ScenarioResult

LONGEST_NAME = 120
READABLE = tuple(range(1, SCHEMA_VERSION + 1))
"""Versions of the schema that `read_run` understands."""


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces a file so that a reader sees the old content or the new, never a mixture.

    Writes a temporary file in the same folder, flushes it to disk and renames it.
    """
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
        """Makes the folder. Raises SettingsError where that is not possible."""
        try:
            self.folder.mkdir(parents=True)
        except OSError as error:
            raise SettingsError(
                f"The folder {self.folder.parent} for reports can't be written to.",
                seen=error.strerror or str(error),
                then="choose another folder with -D reports=FOLDER",
            ) from error

    def remove_empty(self) -> None:
        """Removes the folder if no result was written to it."""
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def write_trial(self, result: ScenarioResult) -> Path:
        """Writes a scenario when it ends, so that a run that is cut off keeps it.

        Returns the file.
        """
        path = self.folder / "trials" / f"{file_name(result.feature, result.name)}.json"
        write_atomically(path, _pretty(result))
        return path

    def write_run(self, result: RunResult) -> Path:
        """Writes run.json; returns it."""
        path = self.folder / "run.json"
        write_atomically(path, _pretty(result))
        return path

    def link_latest(self) -> None:
        """Points the link `reports/latest` to this folder, in one step."""
        staged = self.folder.parent / f".latest-{os.getpid()}"
        staged.unlink(missing_ok=True)
        staged.symlink_to(self.folder.name)
        staged.replace(self.folder.parent / "latest")


def read_run(folder: Path) -> RunResult:
    """Reads the run in `folder`.

    Raises Explained when there is none, or when it is damaged or of an unknown schema version.
    """
    path = folder / "run.json"
    try:
        raw = path.read_bytes()
        version = msgspec.json.decode(raw)["schema_version"]
        if version not in READABLE:
            raise Explained(
                f"{path} has a schema version that this suite can't read.",
                seen=str(version),
                wanted=" or ".join(map(str, READABLE)),
            )
        return msgspec.json.decode(renamed(raw, SINCE_4), type=RunResult)
    except (OSError, KeyError, TypeError, msgspec.MsgspecError) as error:
        raise Explained(
            f"There is no readable result in {folder}.", seen=str(error), then="make validate"
        ) from error


def file_name(*parts: str) -> str:
    """Makes a file name of words: lower case, dashes, at most 120 characters.

    A name that has to be cut ends with a short digest of the whole text, so that it stays unique.
    """
    text = re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower()).strip("-")
    if len(text) <= LONGEST_NAME:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{text[: LONGEST_NAME - 9].rstrip('-')}-{digest}"


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
