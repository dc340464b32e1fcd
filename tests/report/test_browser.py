"""index.html in a real browser, from a file: it fits a phone, and is readable light and dark."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from support.report.documents import write_reports
from support.results.store import ResultsStore
from tests.report.test_golden import EVERY

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
ASK = """<script>document.title = JSON.stringify([innerWidth,
document.documentElement.scrollWidth, document.querySelectorAll("svg").length]);</script>"""
DARK, LIGHT = 0, 1
"""Of Blink's preferredColorScheme."""

pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium on this machine")


def browse(page: Path, *options: str) -> str:
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    ResultsStore(folder).write_run(EVERY)
    write_reports(folder)
    asking = folder / "asking.html"
    text = (folder / "index.html").read_text().replace("<details>", "<details open>")
    asking.write_text(text + ASK)
    return asking


@pytest.mark.parametrize("width", [500, 1200])
def test_nothing_is_wider_than_the_window(page: Path, width: int) -> None:
    shown = browse(page, "--dump-dom", f"--window-size={width},900")
    title = re.search(r"<title>\[(\d+),(\d+),(\d+)\]</title>", shown)
    assert title, shown[:500]
    window, content, pictures = map(int, title.groups())
    assert content <= window
    assert pictures == len(list((page.parent / "charts").glob("*.svg"))) > 5


@pytest.mark.parametrize(("scheme", "darkest", "lightest"), [(DARK, 0, 60), (LIGHT, 200, 255)])
def test_it_follows_the_readers_scheme(
    page: Path, tmp_path: Path, scheme: int, darkest: int, lightest: int
) -> None:
    shot = tmp_path / "page.png"
    setting = f"--blink-settings=preferredColorScheme={scheme}"
    browse(page, f"--screenshot={shot}", "--window-size=600,900", setting)
    corner = Image.open(shot).convert("L").getpixel((2, 2))
    assert isinstance(corner, int)
    assert darkest <= corner <= lightest
