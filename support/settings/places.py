"""Folders and files of this clone."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED_FIGURES = ROOT / "baseline" / "figures.json"
"""The figures of the accepted run, which `make accept-baseline` writes."""
