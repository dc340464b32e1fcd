"""Judges a recorded run again, without a broker: `python -m support.checks FOLDER`.

FOLDER is a run, such as reports/latest: judges every check of every scenario again from its record,
and compares it with run.json: verdict, limit and value of each check, and each scenario's verdict.
Exit code 0 when all are the same, 1 when one differs, 2 when a check can't be judged
again, or there is none.

FOLDER may also be one scenario of a run, reports/latest/ledger/SCENARIO, or its history: prints the
checks of its delivery. Exit code 0 when all are green, 1 when one is FAIL, 2 when one is
INCONCLUSIVE.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from support.checks.delivery import check_delivery
from support.errors import Explained
from support.promises.replay import Again, judged_again, scenario_verdicts
from support.record.archive import FILE, read_history
from support.results.schema import GREEN, Check, Verdict, worst
from support.results.store import read_run
from support.results.units import counted, in_words


def main(arguments: list[str]) -> int:
    """Judges a folder again; returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder = Path(arguments[0])
    try:
        return _run(folder) if (folder / "run.json").is_file() else _history(folder)
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _run(folder: Path) -> int:
    run = read_run(folder)
    strict = run.provenance.settings.get("strict") == str(True)
    checks = list(judged_again(run, folder, strict=strict))
    for each in checks:
        if not each.same:
            sys.stdout.write("\n".join(lines_of(each)) + "\n")
    impossible = sum(each.now is None for each in checks)
    contradictions = list(scenario_verdicts(checks))
    sys.stdout.write("".join(f"{line}\n" for line in contradictions))
    different = sum(not each.same for each in checks) - impossible + len(contradictions)
    verdicts = Counter(each.now.verdict.value for each in checks if each.now)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    what = f"{counted(len(checks), 'checks')} of {counted(len(run.scenarios), 'scenarios')}"
    sys.stdout.write(
        f"{what} judged again: {counts or 'none'}; {different} different, {impossible} could not "
        "be judged\n"
    )
    return 1 if different else 2 if impossible or not checks else 0


def lines_of(again: Again) -> list[str]:
    """Returns a check that differs from the recorded one, as lines."""
    then, now = again.then, again.now
    lines = [f"{again.scenario.name}: {then.name}"]
    lines.append(f"  recorded: {then.verdict.value}, {_measured(then)}")
    if now is None:
        return [*lines, f"  now:      can't be judged: {again.why}"]
    return [*lines, f"  now:      {now.verdict.value}, {_measured(now)}"]


def _measured(check: Check) -> str:
    return "nothing measured" if check.measured is None else in_words(check.measured, check.unit)


def _history(folder: Path) -> int:
    checks = check_delivery(
        read_history(folder if (folder / FILE).is_file() else folder / "history")
    )
    for check in checks:
        sys.stdout.write("\n".join(lines_of_check(check)) + "\n")
    verdict = worst([check.verdict for check in checks])
    if verdict in GREEN:
        return 0
    return 1 if verdict is Verdict.FAIL else 2


def lines_of_check(check: Check) -> list[str]:
    """Returns a check with its evidence, as lines."""
    first = f"{check.verdict.value:13} {check.name}: {_measured(check)} (wanted: {check.objective})"
    return [first, *(f"{'':14}{line}" for line in check.evidence)]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
