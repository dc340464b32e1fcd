"""Prints the table of settings for README.md: `python -m support.settings`."""

from __future__ import annotations

import sys

from support.settings.table import settings_table

sys.stdout.write(settings_table())
