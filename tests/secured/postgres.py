"""PostgreSQL that accepts TLS only, with passwords by SCRAM, and roles with least rights."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from support.errors import StackError
from support.stack.embedded.postgres import UNPRIVILEGED
from support.stack.listening import LOOPBACK
from support.stack.processes.commands import run_to_end
from support.stack.processes.supervised import Recipe, Supervised, is_root
from support.waiting import wait_until
from tests.secured.artefacts import unpack_postgres
from tests.secured.certificates import Authority
from tests.secured.place import free_ports, write_private

SUPERUSER, DATABASE = "postgres", "shopdb"
WITHIN = timedelta(seconds=60)
CONFIG = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
ssl = on
ssl_cert_file = '{key}'
ssl_key_file = '{key}'
password_encryption = 'scram-sha-256'
wal_level = logical
max_wal_senders = 8
max_replication_slots = 8
max_slot_wal_keep_size = 2GB
shared_buffers = 32MB
fsync = off
"""
HBA = "hostssl all all 127.0.0.1/32 scram-sha-256\n"

ROLES = """
CREATE ROLE debezium LOGIN REPLICATION PASSWORD {debezium};
CREATE ROLE acceptance LOGIN REPLICATION PASSWORD {acceptance};
"""
TABLES = (Path(__file__).parent / "shop.sql").read_text()


class SecuredPostgres:
    """One server, in its folder below `folder`. It runs as `nobody` if root runs the tests."""

    def __init__(self, folder: Path, archive: Path, authority: Authority, password: str) -> None:
        """`password`: that of the superuser."""
        self._home, self._archive, self._authority = folder / "postgres", archive, authority
        self._records, self._password = folder / "processes", password
        self._user = UNPRIVILEGED if is_root() else None
        (self.port,) = free_ports(1)
        self._data = self._home / "data"
        command = (str(self._home / "bin" / "postgres"), "-D", str(self._data))
        self._process = Supervised(
            Recipe(
                "postgres",
                command,
                self._home,
                folder / "postgres.log",
                signal.SIGINT,
                self._user,
            ),
            self._records,
        )

    def conninfo(self, user: str = SUPERUSER, password: str = "", name: str = DATABASE) -> str:
        """A connection string for libpq that verifies the server."""
        return make_conninfo(
            host=LOOPBACK,
            port=self.port,
            dbname=name,
            user=user,
            password=password or self._password,
            sslmode="verify-full",
            sslrootcert=str(self._authority.file),
        )

    def start(self, passwords: Mapping[str, str]) -> None:
        """Starts an empty server; creates roles (name -> password), the database and its tables."""
        self._home.mkdir(mode=0o755)
        unpack_postgres(self._archive, self._home)
        self._initdb()
        self._configure()
        self._process.start()
        wait_until(
            self._answers,
            bool,
            WITHIN,
            "the secured PostgreSQL",
            tolerate=(psycopg.OperationalError,),
        )
        with psycopg.connect(self.conninfo(name="postgres"), autocommit=True) as admin:
            literals = {name: sql.Literal(secret) for name, secret in passwords.items()}
            admin.execute(sql.SQL(ROLES).format(**literals))
            admin.execute(f"CREATE DATABASE {DATABASE}")
        with psycopg.connect(self.conninfo()) as admin:
            admin.execute(TABLES.encode())

    def close(self) -> None:
        self._process.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _answers(self) -> bool:
        if not self._process.alive():
            raise StackError("The secured PostgreSQL ended.", seen=self._process.tail())
        with psycopg.connect(self.conninfo(name="postgres")) as admin:
            return admin.execute("SELECT 1").fetchone() == (1,)

    def _initdb(self) -> None:
        self._data.mkdir(mode=0o700)
        secret = write_private(self._home / "password", self._password)
        if self._user:
            for path in (self._data, secret):
                shutil.chown(path, self._user)
        command = (
            *(str(self._home / "bin" / "initdb"), "-D", str(self._data), "-U", SUPERUSER),
            *("--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"),
            *("--locale=C", "--encoding=UTF8"),
        )
        done = run_to_end("initdb", command, self._home, self._records, WITHIN, user=self._user)
        secret.unlink()
        if done.code != 0:
            raise StackError("initdb of the secured PostgreSQL failed.", seen=done.words)

    def _configure(self) -> None:
        key = self._data / "server.pem"
        shutil.copy(self._authority.pem("postgres"), key)
        key.chmod(0o600)
        if self._user:
            shutil.chown(key, self._user)
        with (self._data / "postgresql.conf").open("a") as config:
            config.write(CONFIG.format(host=LOOPBACK, port=self.port, key=key.name))
        (self._data / "pg_hba.conf").write_text(HBA)
