"""Every Python that the README admits can run the suite: the lowest patch release counts.

Tried are those that this machine has. What of the standard library is used by name is looked up
in each; archives, whose functions got new parameters in a patch release, are unpacked.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from support.settings import ROOT
from tests.interpreters import interpreters, version_of
from tests.sources import SOURCES, tree

LOWEST = (3, 11)
ALL = interpreters()
ENOUGH = {version: path for version, path in ALL.items() if version_of(version) >= LOWEST}
COMPILES = """
import json, sys, warnings
warnings.simplefilter("error")
for path in json.load(sys.stdin):
    compile(open(path, encoding="utf-8").read(), path, "exec")
"""
KNOWS = """
import importlib, json, sys
for module, names in json.load(sys.stdin).items():
    there = importlib.import_module(module)
    for name in names:
        try:
            getattr(there, name)
        except AttributeError:
            importlib.import_module(f"{module}.{name}")
"""
UNPACKS = """
import importlib.util, pathlib, sys
path, archive, folder = map(pathlib.Path, sys.argv[1:])
spec = importlib.util.spec_from_file_location("unpacking", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.unpack_archive(archive, folder)
"""


EACH = pytest.mark.parametrize(("version", "python"), sorted(ENOUGH.items()))


def run(python: str, program: str, given: object, *arguments: str) -> None:
    done = subprocess.run(
        [python, "-I", "-c", program, *arguments],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@EACH
def test_every_source_is_compiled_without_a_warning(version: str, python: str) -> None:
    run(python, COMPILES, [str(path) for path in SOURCES])


@cache
def used_names() -> dict[str, list[str]]:
    """Returns module of the standard library -> the names that the suite uses of it."""
    used: dict[str, set[str]] = {}
    for path in SOURCES:
        for module, name in standard_names(tree(path)):
            used.setdefault(module, set()).add(name)
    return {module: sorted(names) for module, names in used.items()}


@EACH
def test_every_name_of_the_standard_library_is_there(version: str, python: str) -> None:
    assert "tarfile" in used_names()
    run(python, KNOWS, used_names())


@EACH
@pytest.mark.parametrize("kind", ["tar.gz", "zip"])
def test_an_archive_is_unpacked(version: str, python: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "plugin").mkdir()
    (tmp_path / "plugin" / "a.jar").write_bytes(b"abc")
    format_ = "gztar" if kind == "tar.gz" else kind
    archive = shutil.make_archive(str(tmp_path / "packed"), format_, tmp_path, "plugin")
    module = ROOT / "support" / "stack" / "artefacts" / "unpacking.py"
    (tmp_path / "into").mkdir()
    run(python, UNPACKS, None, str(module), archive, str(tmp_path / "into"))
    assert (tmp_path / "into" / "plugin" / "a.jar").read_bytes() == b"abc"


@EACH
@pytest.mark.parametrize("name", ["../outside", "/tmp/kafka-validation-outside"])
def test_nothing_gets_outside(version: str, python: str, name: str, tmp_path: Path) -> None:
    archive = tmp_path / "packed.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        info = tarfile.TarInfo(name)
        tar.addfile(info)
    module = ROOT / "support" / "stack" / "artefacts" / "unpacking.py"
    into = tmp_path / "into"
    into.mkdir()
    try:
        run(python, UNPACKS, None, str(module), str(archive), str(into))
    except AssertionError as error:
        assert "outside" in str(error)
    assert not (tmp_path / "outside").exists()
    assert not Path("/tmp/kafka-validation-outside").exists()


@EACH
def test_the_suite_s_modules_are_imported(version: str, python: str) -> None:
    """By interpreters that can use the packages of this virtual environment."""
    if version.split(".")[:2] != [str(part) for part in sys.version_info[:2]]:
        pytest.skip("the packages that are installed here are built for another version")
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in SOURCES
        if path.parts[-2] != "steps"
        and path.name not in ("__main__.py", "environment.py", "check_stack.py")
    ]
    paths = [str(ROOT), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    program = (
        f"import sys, json, importlib; sys.path += {paths!r}\n"
        "for name in json.load(sys.stdin): importlib.import_module(name.removesuffix('.__init__'))"
    )
    run(python, program, names)


def standard_names(module: ast.AST) -> Iterator[tuple[str, str]]:
    """Yields (module, name) of what is imported from, or looked up in, the standard library."""
    modules: dict[str, str] = {}
    guarded = {
        node.args[1].value
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "hasattr"
        and isinstance(node.args[1], ast.Constant)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module.split(".")[0] in sys.stdlib_module_names:
                yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            modules |= {a.name: a.name for a in node.names if a.asname is None}
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and modules.get(node.value.id, "").split(".")[0] in sys.stdlib_module_names
            and node.attr not in guarded
        ):
            yield modules[node.value.id], node.attr
