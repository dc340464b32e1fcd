"""docs/architecture.md agrees with the code: the files of a record, and the layers."""

from __future__ import annotations

import importlib
import pkgutil
import re

import support.record
from support.record.section import Section
from support.settings import ROOT
from tests.test_layers import ALLOWED, FOUNDATIONS

TEXT = (ROOT / "docs" / "architecture.md").read_text()


def sections() -> set[str]:
    """Returns the path of every section that support/record/ defines."""
    names = [module.name for module in pkgutil.iter_modules(support.record.__path__)]
    modules = [importlib.import_module(f"support.record.{name}") for name in names]
    return {
        value.path
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Section)
    }


def documented_layers() -> dict[str, set[str]]:
    """Returns layer -> layers that it may import, from the last table of the document."""
    rows = TEXT[TEXT.index("| layer | may import |") :].splitlines()[2:]
    cells = [row.strip("| ").split(" | ") for row in rows]
    found = [(re.findall(r"`(\w+)`", own), re.findall(r"`(\w+)`", used)) for own, used in cells]
    return {layer: set(used) for layers, used in found for layer in layers}


def test_every_section_of_the_record_is_documented() -> None:
    assert len(sections()) > 30
    assert [path for path in sorted(sections()) if f"`{path}`" not in TEXT] == []


def test_the_layers_are_those_of_the_layers_test() -> None:
    layers = {name: used for name, used in ALLOWED.items() if name not in FOUNDATIONS}
    assert documented_layers() == layers
