"""Runs Allure's command line with the embedded stack's Java."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from support.errors import StackError
from support.interruption import interruptible
from support.progress import Progress
from support.settings import Settings, environment_for_children
from support.stack.artefacts.fetch import fetch, unpack
from support.stack.artefacts.lockfile import Lock
from support.stack.artefacts.platform import java

LOCK = "allure-2.34.0"
WITHIN_S = 600
MAIN = "io.qameta.allure.CommandLine"


def generate(results: Path, target: Path, settings: Settings, *, single_file: bool) -> None:
    """Writes the HTML report of the folder `results` to the folder `target`.

    Raises StackError, with Allure's output, if it fails.
    """
    lock = Lock.read(LOCK)
    archive = fetch(lock, settings.cache, settings.maven_mirror, Progress())[0]
    (home,) = unpack(lock, archive, settings.cache).iterdir()
    command = _command(home, results, target, single_file=single_file)
    with tempfile.TemporaryDirectory() as folder, interruptible():
        done = subprocess.run(
            command,
            timeout=WITHIN_S,
            capture_output=True,
            text=True,
            cwd=folder,
            env=environment_for_children({"ALLURE_NO_ANALYTICS": "true", "APP_HOME": str(home)}),
        )
    if done.returncode != 0 or not (target / "index.html").is_file():
        raise StackError(
            "Allure could not write its report.",
            seen=(done.stderr + done.stdout)[-1500:],
            then=f"look into {results}",
        )


def _command(home: Path, results: Path, target: Path, *, single_file: bool) -> list[str]:
    return [
        str(java()),
        "-cp",
        f"{home}/lib/*:{home}/lib/config",
        MAIN,
        "generate",
        str(results),
        "--clean",
        "--output",
        str(target),
        *(["--single-file"] if single_file else []),
    ]
