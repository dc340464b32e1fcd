"""index.html in a real browser, from a file: it fits a phone, and is readable light and dark."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.report.documents import write_reports
from support.report.page.scenario import anchor_of
from support.results.store import ResultsStore
from tests.report.test_golden import EVERY

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
WIDTHS = (360, 768, 1300)
DARK, LIGHT = 0, 1
"""Of Blink's preferredColorScheme."""
LEAST_CONTRAST = 4.5
"""Of text on its background (WCAG 2.2, 1.4.3, level AA)."""

FRAMES = """<!doctype html>{frames}
<script>
const frames = [...document.querySelectorAll("iframe")], said = frames.map(() => null);
onmessage = (event) => {{
  said[frames.findIndex((each) => each.contentWindow === event.source)] = JSON.parse(event.data);
  if (!said.includes(null)) document.title = JSON.stringify(said);
}};
</script>"""
FRAME = '<iframe src="asking-{number}.html{place}" width="{width}" height="900"></iframe>'
"""A window can't be as narrow as a phone, but a frame can. It reports what it looks like."""
ASK = """<script>
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const over = (top, below) => {
  const share = top[3] ?? 1;
  return [0, 1, 2].map((n) => top[n] * share + below[n] * (1 - share));
};
const backgroundOf = (element) => {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    layers.unshift(numbers(getComputedStyle(each).backgroundColor));
  }
  return layers.reduce((below, top) => over(top, below), [255, 255, 255]);
};
const light = (colour) => colour.map((part) => part / 255)
  .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
const contrastOf = (element) => {
  const style = getComputedStyle(element), below = backgroundOf(element);
  const colour = element.namespaceURI.endsWith("svg") ? style.fill : style.color;
  const [high, low] = [light(over(numbers(colour), below)), light(below)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};
onload = () => {
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let least = [99, ""], seen = 0;
while (texts.nextNode()) {
  const text = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
  if (!text || !element.checkVisibility() || element.matches("script, style, option")) continue;
  const contrast = contrastOf(element);
  seen += 1;
  if (contrast < least[0]) least = [contrast, text];
}
parent.postMessage(JSON.stringify({
  window: innerWidth, content: document.documentElement.scrollWidth, least, seen,
  pictures: document.querySelectorAll("svg.chart").length,
  shown: [...document.querySelectorAll("article.scenario")]
    .filter((each) => each.checkVisibility()).map((each) => each.id),
  said: document.querySelector("#filter output").textContent,
  target: document.querySelector(":target details")?.open ?? null,
}), "*");
};
</script>"""

pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium on this machine")


def browse(page: Path, *options: str) -> str:
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with its page."""
    folder = tmp_path_factory.mktemp("run")
    ResultsStore(folder).write_run(EVERY)
    write_reports(folder)
    return folder


@dataclass(frozen=True)
class Frame:
    """A page to ask: its width, the part that its address names, and a script that runs first."""

    width: int = 1300
    place: str = ""
    before: str = ""

    def text(self, page: str) -> str:
        """Returns the page with ASK; everything is unfolded where nothing else is asked for."""
        page = page if self.place or self.before else page.replace("<details", "<details open")
        return f"{page}<script>{self.before}</script>{ASK}"


def filtered(field: str, value: str) -> Frame:
    change = (
        f'const form = document.getElementById("filter"); form.elements.{field}.value = "{value}";'
        'form.dispatchEvent(new Event("input"));'
    )
    return Frame(before=change)


FILTERS = (
    ("verdict", "FAIL"),
    ("tag", "SC-002"),
    ("words", "burst of"),
    ("words", "no such words"),
)
WIDE, LINKED = Frame(), (Frame(place="#US1.1"), Frame(place=f"#{anchor_of(EVERY.scenarios[0])}"))
ASKED = {
    LIGHT: [*map(Frame, WIDTHS), *(filtered(*each) for each in FILTERS), *LINKED],
    DARK: [Frame(360), WIDE],
}
"""Scheme -> the frames that are opened in it, all in one window."""

Seen = dict[tuple[int, Frame], dict[str, Any]]


@pytest.fixture(scope="module")
def seen(folder: Path) -> Seen:
    """Scheme and frame -> what its page reports."""
    return {
        (scheme, frame): said
        for scheme, frames in ASKED.items()
        for frame, said in zip(frames, asked(folder, scheme, frames), strict=True)
    }


def asked(folder: Path, scheme: int, frames: list[Frame]) -> list[dict[str, Any]]:
    """Returns what the page reports in each frame."""
    page = (folder / "index.html").read_text()
    shown = []
    for number, frame in enumerate(frames):
        (folder / f"asking-{number}.html").write_text(frame.text(page))
        shown.append(FRAME.format(number=number, place=frame.place, width=frame.width))
    window = folder / "frames.html"
    window.write_text(FRAMES.format(frames="".join(shown)))
    setting = f"--blink-settings=preferredColorScheme={scheme}"
    dumped = browse(window, "--dump-dom", "--window-size=1400,1000", setting)
    title = re.search(r"<title>(.*)</title>", dumped)
    assert title, dumped[:500]
    found = json.loads(unescape(title[1]))
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(folder: Path, seen: Seen, width: int) -> None:
    found = seen[LIGHT, Frame(width)]
    assert found["window"] == width
    # Less than the window where a scroll bar takes room.
    assert width - 20 <= found["content"] <= width
    assert found["pictures"] == len(list((folder / "charts").glob("*.svg")))


@pytest.mark.parametrize("scheme", [DARK, LIGHT])
@pytest.mark.parametrize("width", [360, 1300])
def test_every_text_stands_out_from_its_background(seen: Seen, scheme: int, width: int) -> None:
    found = seen[scheme, Frame(width)]
    assert found["seen"] > 500
    assert found["least"][0] >= LEAST_CONTRAST, found["least"]


@pytest.mark.parametrize(("scheme", "darkest", "lightest"), [(DARK, 0, 60), (LIGHT, 200, 255)])
def test_it_follows_the_readers_scheme(
    folder: Path, tmp_path: Path, scheme: int, darkest: int, lightest: int
) -> None:
    shot = tmp_path / "page.png"
    setting = f"--blink-settings=preferredColorScheme={scheme}"
    browse(folder / "index.html", f"--screenshot={shot}", "--window-size=600,900", setting)
    corner = Image.open(shot).convert("L").getpixel((2, 2))
    assert isinstance(corner, int)
    assert darkest <= corner <= lightest


@pytest.mark.parametrize(("field", "value"), FILTERS)
def test_the_filter_shows_what_was_asked_for(seen: Seen, field: str, value: str) -> None:
    every, found = seen[LIGHT, WIDE]["shown"], seen[LIGHT, filtered(field, value)]
    carry = {
        "verdict": [s for s in EVERY.scenarios if s.verdict.value == value],
        "tag": [s for s in EVERY.scenarios if value in s.tags],
        "words": [s for s in EVERY.scenarios if value in s.name.lower()],
    }[field]
    assert len(every) == len(EVERY.scenarios)
    assert found["said"] == f"{len(found['shown'])} of {len(every)} scenarios"
    assert len(found["shown"]) == len(carry)


@pytest.mark.parametrize("link", LINKED, ids=lambda link: str(link.place))
def test_a_deep_link_unfolds_its_scenario(seen: Seen, link: Frame) -> None:
    assert seen[LIGHT, link]["target"] is True
