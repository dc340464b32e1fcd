"""The findings of `make tune`: as advice, and as a document of its own (tuning.md)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from support.report.advice import NO_EFFECT, NOT_TRIED, Advice
from support.report.figures import parts_of
from support.report.words import number, table
from support.results.schema import Git
from support.results.tuning import Effect, Tried, Tuning
from support.results.units import counted

DOCUMENT = "tuning.md"
HEAD = ("result", "setting: old → new", "hope", "measured effect", "cost")
FIGURES = ("setting", "scenario", "figure", "without", "with", "without again", "change", "noise")
ACKS = ".acks"
"""How the setting ends that weakens the delivery guarantee."""
DEFAULT = "default"
NOT_RUN = "No setting was tried on this machine: `make tune` tries them (25 minutes)."
BETTER, WORSE, NEITHER = "✔ better", "✖ worse", "– no significant effect"
BROKEN, MIXED, WEAKER = "✖ breaks a requirement", "✔✖ better and worse", "✖ weakens the guarantee"
RULE = (
    "Every setting was tried between two runs without it. An effect is significant if the figure "
    "differs from both of these by more than they differ from each other (the noise), and by more "
    "than a quarter."
)


def tuning_report(tuning: Tuning) -> str:
    """Returns tuning.md: every setting with its result, the largest gain first, and all figures."""
    host = tuning.host
    about = (
        f"Measured by `make tune` on {tuning.at}, on {host.system}, {counted(host.cpus, 'cores')}, "
        f"{host.memory_bytes / 2**30:.0f} GiB, {_source(tuning.git)}; scenarios scaled by "
        f"{tuning.scale:g}. {RULE}"
    )
    ordered = sorted(tuning.tried, key=_order)
    rows = [row for tried in ordered for row in _figures(tried)]
    lines = ["# Settings that were tried", "", about, "", table(HEAD, map(_result_row, ordered))]
    return "\n".join([*lines, "", "## Every figure", "", table(FIGURES, rows), ""])


def tuning_summary(tuning: Tuning | None) -> list[str]:
    """Returns a sentence on the settings that were tried, and where all figures are."""
    if tuning is None:
        return ["", NOT_RUN]
    results = [_result(tried) for tried in tuning.tried]
    counts = [f"{results.count(each)} {each}" for each in dict.fromkeys(results)]
    tried = counted(len(tuning.tried), "settings")
    return ["", f"`make tune` tried {tried} on {tuning.at}: {', '.join(counts)}. See `{DOCUMENT}`."]


def merged(found: Sequence[Advice], tuning: Tuning) -> list[Advice]:
    """Returns the advice with what `make tune` measured: added to the same advice, or after all.

    Only settings that improved a figure and made none worse are advised.
    """
    tuned = sorted(tuned_advice(tuning), key=lambda each: -each.gain)
    by_settings = {frozenset(each.settings.items()): each for each in tuned}
    known = {frozenset(each.settings.items()) for each in found if each.settings}
    others = [each for each in tuned if frozenset(each.settings.items()) not in known]
    return [*(_with(each, by_settings) for each in found), *others]


def _with(each: Advice, tuned: dict[frozenset[tuple[str, str]], Advice]) -> Advice:
    same = tuned.get(frozenset(each.settings.items())) if each.settings else None
    if same is None:
        return each
    measured = [each.effect] if each.effect not in (NOT_TRIED, NO_EFFECT) else []
    effect = "; ".join([*measured, same.effect])
    return dataclasses.replace(each, effect=effect, gain=max(each.gain, same.gain))


def tuned_advice(tuning: Tuning) -> Iterator[Advice]:
    """Returns advice for every setting that only improves figures."""
    for tried, better in improvements(tuning):
        scenario = parts_of(better[0].figure)[0]
        names = ", ".join(parts_of(each.figure)[1] for each in better)
        yield Advice(
            f"{names} can be better: {tried.hope} ({scenario})",
            _changed(tried),
            f"make tune: {_effects(better)}",
            tried.risk,
            gain=_gain(tried),
            settings=tried.settings,
        )


def improvements(tuning: Tuning) -> Iterator[tuple[Tried, tuple[Effect, ...]]]:
    """Returns the settings that made a figure significantly better, and no figure worse.

    Without those that broke a requirement or weaken the delivery guarantee (acks).
    """
    for tried in tuning.tried:
        if _result(tried) == BETTER:
            yield tried, tuple(effect for effect in tried.effects if effect.better)


def _result(tried: Tried) -> str:
    better = any(effect.better for effect in tried.effects)
    worse = any(effect.significant and not effect.better for effect in tried.effects)
    if tried.broken:
        return BROKEN
    if better and any(key.endswith(ACKS) for key in tried.settings):
        return WEAKER
    if better:
        return MIXED if worse else BETTER
    return WORSE if worse else NEITHER


def _order(tried: Tried) -> tuple[bool, float]:
    return _result(tried) != BETTER, -_gain(tried)


def _gain(tried: Tried) -> float:
    """Returns the largest share by which a figure got better."""
    shares = [abs(effect.change) for effect in tried.effects if effect.better]
    return max(shares, default=0.0)


def _result_row(tried: Tried) -> tuple[str, ...]:
    significant = tuple(effect for effect in tried.effects if effect.significant)
    effect = _effects(significant) or NEITHER
    broken = f"; not passed: {', '.join(tried.broken)}" if tried.broken else ""
    return _result(tried), _changed(tried), tried.hope, f"{effect}{broken}", tried.risk


def _figures(tried: Tried) -> Iterator[tuple[str, ...]]:
    for effect in tried.effects:
        readings = (effect.before, effect.tried, effect.again)
        yield (
            _settings(tried),
            *parts_of(effect.figure),
            *(f"{number(value)} {effect.unit}" for value in readings),
            f"{effect.change:+.0%}{' (significant)' if effect.significant else ''}",
            f"±{effect.noise:.0%}",
        )


def _effects(effects: Sequence[Effect]) -> str:
    return "; ".join(
        f"{parts_of(each.figure)[1]} {number(each.base)} → {number(each.tried)} {each.unit} "
        f"({each.change:+.0%}, noise ±{each.noise:.0%})"
        for each in effects
    )


def _changed(tried: Tried) -> str:
    """Writes each setting with the value that it replaced."""
    pairs = tried.settings.items()
    return ", ".join(f"`{key}`: {tried.replaced.get(key, DEFAULT)} → {new}" for key, new in pairs)


def _settings(tried: Tried) -> str:
    return ", ".join(f"`{key}={value}`" for key, value in tried.settings.items())


def _source(git: Git) -> str:
    dirty = ", with changes" * git.dirty
    return f"commit `{git.commit[:10]}`{dirty}" if git.commit else "a copy without a commit"
