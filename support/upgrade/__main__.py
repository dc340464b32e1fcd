"""Upgrades a stack under load: `python -m support.upgrade -D kafka_to=4.3.1`.

Completes the versions, refuses those that can't be upgraded, and runs the scenarios of
features/upgrade/. Exit code 2: a version is wrong; otherwise that of behave.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from support.errors import Explained
from support.settings import Settings
from support.stack.artefacts.upgrades import (
    after_upgrade,
    check_upgrade,
    fitting_debezium,
    newest_kafka,
)

TAG = "@upgrade"
REFUSED = 2


def main(arguments: Sequence[str]) -> int:
    """Becomes behave. Returns only if a version is refused, with the exit code."""
    parser = argparse.ArgumentParser(prog="make upgrade-check", description=__doc__)
    parser.add_argument("-D", "--define", action="append", default=[], metavar="KEY=VALUE")
    given, others = parser.parse_known_args(arguments)
    try:
        pairs = (definition.partition("=") for definition in given.define)
        settings = completed({key: value for key, _, value in pairs})
    except Explained as error:
        sys.stderr.write(f"\n{error}\n")
        return REFUSED
    return _run(settings, others)


def _run(settings: Mapping[str, str], others: Sequence[str]) -> NoReturn:
    defined = [part for key, value in settings.items() for part in ("-D", f"{key}={value}")]
    selected = [] if any(each.startswith(("--tags", "-t")) for each in others) else ["--tags", TAG]
    sys.stdout.flush()
    command = [sys.executable, "-m", "behave", *selected, *defined, *others]
    os.execv(sys.executable, command)


def completed(given: Mapping[str, str]) -> dict[str, str]:
    """The settings with the four versions that an upgrade needs.

    Raises SettingsError for a setting that is wrong, and for versions between which there is no
    upgrade.
    """
    kafka_to = given.get("kafka_to") or newest_kafka()
    before = Settings.load({**given, "kafka_to": kafka_to})
    chosen = {**given, "kafka_version": before.kafka_version, "kafka_to": kafka_to}
    if before.debezium_version == Settings.debezium_version and "debezium_version" not in given:
        chosen["debezium_version"] = fitting_debezium(before.kafka_version)
    settings = Settings.load(chosen)
    check_upgrade(settings)
    chosen["debezium_version"] = settings.debezium_version
    chosen["debezium_to"] = after_upgrade(settings).debezium_version
    return chosen


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
