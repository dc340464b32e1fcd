"""Reads the file with the settings of a Kafka Connect worker that others run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from support.errors import SettingsError
from support.java_properties import NotAProperty, parse_properties

REQUIRED = ("bootstrap.servers", "key.converter", "value.converter")
"""Settings without which no worker starts."""
ADVICE = "give the file with which the worker was started, such as connect-distributed.properties"


def worker_settings(path: Path | None) -> Mapping[str, str]:
    """Returns the settings in a file; none without a file.

    Raises SettingsError, without a part of a line, for a file that can't be read, and for one that
    does not have the settings of a worker.
    """
    if path is None:
        return {}
    try:
        settings = parse_properties(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        what = "The file of worker_config can't be read."
        raise SettingsError(what, seen=f"{path}: {reason}", then=ADVICE) from None
    except NotAProperty as error:
        what = f"Line {error.line} of {path} is not KEY=VALUE."
        raise SettingsError(what, then=ADVICE) from None
    lacking = [each for each in REQUIRED if each not in settings]
    if lacking:
        raise SettingsError(
            "The file of worker_config does not have the settings of a worker.",
            seen=f"{path}: no {', no '.join(lacking)}",
            then=ADVICE,
        )
    return settings
