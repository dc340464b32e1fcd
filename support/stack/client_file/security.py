"""From the file of `client_config` to the settings that every client of librdkafka gets."""

from __future__ import annotations

from pathlib import Path

from support.settings.environment import own_environment
from support.stack.client_file.known import check_names, check_values
from support.stack.client_file.properties import read_client_file
from support.stack.client_file.translated import translated


def security_of(path: Path) -> dict[str, str]:
    """The settings of librdkafka in a file, which may have Java's names.

    Raises SettingsError, without a secret, for everything that can't work: see the modules.
    """
    file = read_client_file(path, own_environment())
    check_names(file.settings, file.lines)
    return check_values(translated(file.settings), file.lines)
