"""The sample in docs/sample: `python -m support.report.sample [RUN]`, or `make sample RUN=...`.

Writes every document of the stored run again. With RUN, the run in that folder is stored first.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

from support.errors import Explained
from support.report.charts.drawing import as_file
from support.report.charts.gallery import draw_all
from support.report.documents import files_of
from support.report.shown import Beside
from support.results.schema import RunResult
from support.results.store import read_run, write_atomically

SAMPLE = Path(__file__).parents[2] / "docs" / "sample"
STORED = "run.json.gz"
ACCEPTED = "figures.json"
"""Accepted figures that the sample is compared with, if the folder has any."""
WRITTEN_BY_HAND = frozenset({"README.md"})
CLONE = b"/home/user/kafka-validation"
"""Replaces the folder of the clone that made the run."""


def store(run_folder: Path, sample: Path = SAMPLE) -> None:
    """Stores a run's result as the sample. Raises Explained when it can't be read."""
    read_run(run_folder)
    clone = str(run_folder.resolve().parents[1]).encode()
    content = (run_folder / "run.json").read_bytes().replace(clone, CLONE)
    write_atomically(sample / STORED, gzip.compress(content, mtime=0))


def stored(sample: Path = SAMPLE) -> RunResult:
    """Reads the stored run. Raises Explained when there is none."""
    try:
        content = gzip.decompress((sample / STORED).read_bytes())
    except (OSError, EOFError) as error:
        raise Explained(
            f"There is no sample in {sample}.",
            seen=str(error),
            then="make sample RUN=reports/A, with the folder of a run",
        ) from error
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run.json").write_bytes(content)
        return read_run(Path(folder))


def sample_files(sample: Path = SAMPLE) -> dict[str, str]:
    """Returns file name -> text of everything that is made from the stored run."""
    run = stored(sample)
    charts = draw_all(run.scenarios)
    files = files_of(run, charts, Beside(sample / ACCEPTED), links=())
    return {**files, **{name: as_file(chart) for name, chart in charts.items()}}


def write_sample(sample: Path = SAMPLE) -> list[Path]:
    """Writes the files, and remove those of an earlier sample; returns the paths."""
    files = sample_files(sample)
    for name in left_over(sample, files):
        (sample / name).unlink()
    for name, text in files.items():
        write_atomically(sample / name, text.encode())
    return [sample / name for name in files]


def left_over(sample: Path, files: dict[str, str]) -> list[str]:
    """Returns the documents and charts in the folder that are not among the files."""
    paths = (path for kind in ("*.md", "*.html", "charts/*") for path in sample.glob(kind))
    names = {str(path.relative_to(sample)) for path in paths}
    return sorted(names - files.keys() - WRITTEN_BY_HAND)


def main(arguments: list[str]) -> int:
    try:
        if arguments:
            store(Path(arguments[0]))
        paths = write_sample()
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{len(paths)} files in {SAMPLE}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
