"""What a sweep of settings (make tune) found, as a section of recommendations.md."""

from __future__ import annotations

from collections.abc import Iterator

from support.report.words import number, table
from support.results.tuning import Effect, Tried, Tuning

HEAD = ("settings", "scenario", "figure", "without", "with", "without again", "change", "")


def tuning_section(tuning: Tuning) -> list[str]:
    """Every figure of every try, A-B-A."""
    rows = [
        (
            _settings(tried),
            *effect.figure.split(" | ", 1),
            *(f"{number(v)} {effect.unit}" for v in (effect.before, effect.tried, effect.again)),
            f"{effect.change:+.0%}",
            _told(effect),
        )
        for tried in tuning.tried
        for effect in tried.effects
    ]
    about = (
        f"Tried on {tuning.at} with `make tune`, scenarios scaled by {tuning.scale:g}, on "
        f"{tuning.host.system}, {tuning.host.cpus} cores. Significant is what differs from both "
        "readings without the setting by more than they differ from each other, and by a quarter."
    )
    broken = [
        f"With {_settings(tried)} the scenarios did not keep: {', '.join(tried.broken)}."
        for tried in tuning.tried
        if tried.broken
    ]
    return ["## Settings that were tried", "", about, "", table(HEAD, rows), "", *broken, ""]


def improvements(tuning: Tuning) -> Iterator[tuple[Tried, tuple[Effect, ...]]]:
    """Tries that made a figure significantly better, none worse, broke no promise, and don't weaken
    the guarantee (acks)."""
    for tried in tuning.tried:
        better = tuple(effect for effect in tried.effects if effect.better)
        worse = any(effect.significant and not effect.better for effect in tried.effects)
        weaker = any(key.endswith(".acks") for key in tried.settings)
        if better and not worse and not tried.broken and not weaker:
            yield tried, better


def measured(effects: tuple[Effect, ...]) -> str:
    """For people: figure by figure, from what to what."""
    return "; ".join(
        f"{each.figure.split(' | ', 1)[1]} {number((each.before + each.again) / 2)} -> "
        f"{number(each.tried)} {each.unit} ({each.change:+.0%}, measured by make tune)"
        for each in effects
    )


def _settings(tried: Tried) -> str:
    return ", ".join(f"`{key}={value}`" for key, value in tried.settings.items())


def _told(effect: Effect) -> str:
    if not effect.significant:
        return "not significant"
    return "✅ better" if effect.better else "❌ worse"
