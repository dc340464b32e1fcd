"""Which charts a scenario has; draws those whose figures changed since the last time."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from support.checks.latency import P95
from support.checks.startup import AFTER_CRASH, STARTUP
from support.report import tags
from support.report.limits import limit_of
from support.results.schema import ScenarioResult
from support.results.store import file_name, write_atomically

FOLDER = Path(__file__).parent
LEAST_SAMPLES = 100


def kinds(result: ScenarioResult) -> tuple[str, ...]:
    """Return the modules of this package that have something to draw, in a reader's order."""
    latency = result.latency.send_to_ack if result.latency else None
    has = {
        "startup": bool(result.startups),
        "lag": result.lag is not None,
        "latency": any(p.p50_ms is not None for p in result.series),
        "percentiles": tags.PERFORMANCE in result.tags
        and latency is not None
        and latency.count >= LEAST_SAMPLES
        and bool(latency.histogram),
        "resources": any(usage.at_s for usage in result.resources.values()),
    }
    return tuple(kind for kind, there in has.items() if there)


def names(result: ScenarioResult) -> dict[str, str]:
    """Return kind -> file of each chart, relative to the run's folder."""
    return {kind: f"charts/{file_name(result.name)}-{kind}.svg" for kind in kinds(result)}


def draw(result: ScenarioResult, kind: str) -> str:
    """Return one chart as SVG. Modules are imported here: that takes most of a second."""
    drawing = importlib.import_module("support.report.charts.drawing")
    chart = importlib.import_module(f"support.report.charts.{kind}")
    return str(drawing.as_svg(chart.draw(result, objective(result)), _mark(result)))


def draw_all(scenarios: Iterable[ScenarioResult], folder: Path) -> Mapping[str, str]:
    """Write every chart to the run's `folder`; return file -> SVG."""
    charts = {}
    for result in scenarios:
        mark = _mark(result)
        for kind, name in names(result).items():
            path = folder / name
            drawn = path.read_text() if path.is_file() else ""
            if mark not in drawn:
                drawn = draw(result, kind)
                write_atomically(path, drawn.encode())
            charts[name] = drawn
    return charts


def objective(result: ScenarioResult) -> float | None:
    """Return the limit that the charts show: ms of latency, s of a start; None without one."""
    limit = limit_of(result, P95, STARTUP, AFTER_CRASH)
    return limit.value if limit else None


def _mark(result: ScenarioResult) -> str:
    """Return what identifies the figures and the source that draws them."""
    digest = hashlib.sha256(msgspec.json.encode(result))
    for source in sorted(FOLDER.glob("*.py")):
        digest.update(source.read_bytes())
    return f"drawn-from-{digest.hexdigest()[:24]}"
