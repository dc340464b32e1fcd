"""The checks of a delivery, again and without any broker: `python -m support.checks FOLDER`.

FOLDER is a recorded history: reports/<run>/ledger/<scenario>/history, or the scenario's folder.
Exit code 0 when every check keeps its promise, 1 when one fails, 2 when one could not judge or
there is no history.
"""

from __future__ import annotations

import sys
from pathlib import Path

from support.checks.delivery import check_delivery
from support.errors import Explained
from support.record.archive import FILE, read_history
from support.results.schema import GREEN, Check, Verdict, worst


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder = Path(arguments[0])
    inner = folder / "history"
    try:
        history = read_history(folder if (folder / FILE).is_file() else inner)
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    checks = check_delivery(history)
    for check in checks:
        sys.stdout.write("\n".join(lines_of(check)) + "\n")
    verdict = worst([check.verdict for check in checks])
    if verdict in GREEN:
        return 0
    return 1 if verdict is Verdict.FAIL else 2


def lines_of(check: Check) -> list[str]:
    measured = "nothing measured" if check.measured is None else f"{check.measured} {check.unit}"
    first = f"{check.verdict.value:13} {check.name}: {measured} (wanted: {check.objective})"
    return [first, *(f"{'':14}{line}" for line in check.evidence)]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
