"""The sample in docs/ is what the code of today writes of the stored run. After a change:

make sample
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from support.errors import Explained
from support.report.sample import CLONE, SAMPLE, STORED, left_over, sample_files, store, stored
from support.report.sample import write_sample as write
from support.results.schema import Verdict
from support.results.store import ResultsStore
from support.settings import ROOT
from tests.results.examples import RUN


def test_the_sample_is_current() -> None:
    files = sample_files()
    assert {"index.html", "delivery.md", "performance.md", "recommendations.md"} <= files.keys()
    stale = [name for name, text in files.items() if (SAMPLE / name).read_text() != text]
    assert stale == [], "make sample writes them again"
    assert left_over(SAMPLE, files) == []


def test_the_sample_is_of_a_whole_run_that_passed() -> None:
    run = stored()
    assert (run.verdict, run.scale, run.trouble) == (Verdict.PASS, 1, "")
    assert len(run.scenarios) > 60


def test_the_pictures_in_the_readme_are_small() -> None:
    readme = (ROOT / "README.md").read_text()
    pictures = sorted(SAMPLE.glob("*.png"))
    assert len(pictures) == 2
    for picture in pictures:
        assert f"](docs/sample/{picture.name})" in readme
        assert picture.stat().st_size < 150_000


def test_nothing_of_the_machine_s_folders_is_in_the_sample() -> None:
    content = gzip.decompress((SAMPLE / STORED).read_bytes())
    # Kafka's default of log.dir.
    assert b"/tmp/" not in content.replace(b"/tmp/kafka-logs", b"")
    assert b"/work/" not in content


def test_a_run_is_stored_without_the_folder_of_its_clone(tmp_path: Path) -> None:
    folder = tmp_path / "clone" / "reports" / "1"
    ResultsStore(folder).write_run(RUN)
    path = folder / "run.json"
    path.write_text(path.read_text().replace("lost ids", f"{tmp_path}/clone/.stack lost ids"))
    sample = tmp_path / "sample"
    store(folder, sample)
    (sample / "charts").mkdir()
    (sample / "charts" / "old.svg").touch()
    (sample / "README.md").touch()
    names = {each.name for each in write(sample)}
    assert {"index.html", "delivery.md"} <= names
    text = (sample / "delivery.md").read_text()
    assert f"{CLONE.decode()}/.stack lost ids" in text
    assert str(tmp_path) not in text
    assert not (sample / "charts" / "old.svg").exists()
    assert (sample / "README.md").exists()


def test_without_a_sample_the_command_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Explained, match="make sample RUN="):
        stored(tmp_path)
