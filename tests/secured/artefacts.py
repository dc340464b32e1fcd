"""The files that only this stack needs: PostgreSQL with TLS, and basic auth for Kafka Connect.

The wheel's PostgreSQL is built without TLS.
"""

from __future__ import annotations

import dataclasses
import shutil
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from support.progress import Progress
from support.settings import Settings
from support.stack.artefacts.fetch import fetch
from support.stack.artefacts.files import fetch_stack_files
from support.stack.artefacts.lockfile import Lock
from support.stack.embedded.jvm import Jvm

LOG4J = Path(__file__).parent / "log4j.properties"
LOCKS = Path(__file__).parent / "locks"
MACHINES = ("x86_64",)
"""Machines for which the lock has a PostgreSQL."""
LIGHT = "-XX:+UseSerialGC"
"""These processes share a small machine."""
BRIEF = ("-XX:TieredStopAtLevel=1",)
"""For a tool. In a broker it would make TLS slow: the second compiler uses AES instructions."""


@dataclass(frozen=True)
class SecuredFiles:
    """Kafka's jars with that of basic auth, the Debezium plugin, and an archive of PostgreSQL."""

    jvm: Jvm
    plugins: Path
    postgres: Path

    def command(
        self, main: str, *arguments: str, heap: str, log: str, options: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """The command line of a main class."""
        java, *rest = self.jvm.command(main, arguments, heap=heap, log=log)
        rest = [each for each in rest if not each.startswith(("-XX:", "-Dlog4j.configuration"))]
        return (java, LIGHT, f"-Dlog4j.configuration={LOG4J.as_uri()}", *options, *rest)


def fetch_files() -> SecuredFiles:
    """Verifies the files in the shared cache, and downloads missing ones."""
    settings, progress = Settings.load({}), Progress(sys.stderr)
    files = fetch_stack_files(settings, progress)
    paths = fetch(Lock.read("secured", LOCKS), settings.cache, settings.maven_mirror, progress)
    (postgres,) = (path for path in paths if "postgres" in path.name)
    jars = (path for path in paths if path != postgres)
    jvm = dataclasses.replace(files.jvm, jars=(*files.jvm.jars, *jars))
    return SecuredFiles(jvm, files.plugins, postgres)


def unpack_postgres(archive: Path, folder: Path) -> None:
    """Unpacks the server (bin, lib, share) to an empty folder, readable for every user."""
    with zipfile.ZipFile(archive) as outer:
        (name,) = (each for each in outer.namelist() if each.endswith(".txz"))
        with outer.open(name) as inner, tarfile.open(fileobj=inner, mode="r:xz") as tar:
            # Its checksum is locked, so its members are trusted.
            tar.extraction_filter = getattr(tarfile, "tar_filter", None)
            tar.extractall(folder)
    if not (folder / "bin" / "postgres").is_file():
        shutil.rmtree(folder)
        raise FileNotFoundError(f"no bin/postgres in {archive.name}")
