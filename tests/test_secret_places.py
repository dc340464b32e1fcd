"""The search for secrets finds them wherever a run could leave them."""

from __future__ import annotations

import base64
import gzip
import html
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.secret_places import SeenProcess, Watch, places_with

SECRET = "mark/er&S3cret<é>"
USER = "ops"


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        f"http://{USER}:{quote(SECRET, safe='')}@host",
        json.dumps({"password": SECRET}),
        html.escape(SECRET),
        *(base64.b64encode(f"{'u' * length}:{SECRET}".encode()).decode() for length in range(1, 4)),
    ],
)
def test_a_secret_in_a_file_is_found_however_it_is_encoded(tmp_path: Path, written: str) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "run.json").write_text(f"before {written} behind")
    (tmp_path / "other.json").write_text("nothing")
    assert places_with(SECRET, tmp_path) == ["inner/run.json"]


def test_a_secret_in_a_compressed_file_or_in_a_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(SECRET.encode()))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("c", SECRET * 10)
    (tmp_path / "my-marker-name").touch()
    assert places_with(SECRET, tmp_path) == ["a.gz", "b.zip"]
    assert places_with("my-marker", tmp_path) == ["name of my-marker-name"]


def test_a_secret_of_a_process_is_found(tmp_path: Path) -> None:
    seen = SeenProcess(7, ("java", f"-Dpassword={SECRET}"), {"PGPASSWORD": SECRET, "HOME": "/"})
    assert len(places_with(SECRET, tmp_path, [seen])) == 2
    assert places_with("another-secret", tmp_path, [seen]) == []


def test_the_processes_below_a_process_are_seen(tmp_path: Path) -> None:
    inner = f"import time; time.sleep(0.5)  # {SECRET}"
    outer = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
    command = [sys.executable, "-c", outer, inner]
    with subprocess.Popen(command) as process, Watch(process.pid) as watch:
        process.wait()
    assert places_with(SECRET, tmp_path, watch.processes)
    assert all(each.pid != process.pid for each in watch.processes)


def test_a_marker_that_is_too_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 8"):
        places_with("short", tmp_path)
