"""A PostgreSQL with TLS, passwords, client certificates and several roles, as teams have it.

It listens on 127.0.0.1 and, where the host has it, on ::1. Its certificate names only `localhost`
and 127.0.0.1.
"""

from __future__ import annotations

import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import trustme

from support.clients.database import Database
from support.progress import Progress
from support.settings import Settings
from support.stack.addresses import DatabaseAddress
from support.stack.artefacts.fetch import fetch
from support.stack.artefacts.lockfile import Lock
from support.stack.embedded.postgres import UNPRIVILEGED
from support.stack.listening import LOOPBACK
from support.stack.processes.commands import run_to_end
from support.stack.processes.supervised import Recipe, Supervised, is_root
from support.waiting import wait_until
from tests.secured.artefacts import LOCKS, unpack_postgres
from tests.secured.place import free_ports, new_folder

PASSWORD = "marker-Geheim-4711"
WITHIN = timedelta(seconds=60)
LONG_AGO, A_WHILE_AGO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)

ROLES = f"""
CREATE ROLE cdc LOGIN REPLICATION PASSWORD '{PASSWORD}';
CREATE ROLE robot LOGIN REPLICATION;
CREATE ROLE plain LOGIN PASSWORD '{PASSWORD}';
CREATE ROLE "Mem ber" LOGIN PASSWORD '{PASSWORD}';
CREATE ROLE stranger LOGIN PASSWORD '{PASSWORD}';
"""
RIGHTS = 'GRANT CREATE ON DATABASE app TO cdc, robot, plain, "Mem ber"'

ACCESS = """
host    all postgres 127.0.0.1/32 trust
host    all stranger all reject
hostssl all robot    all cert
hostssl all all      all scram-sha-256
"""

CONFIG = """
listen_addresses = '{hosts}'
port = {port}
unix_socket_directories = ''
ssl = on
ssl_cert_file = 'server.crt'
ssl_key_file = 'server.key'
ssl_ca_file = 'ca.crt'
wal_level = logical
shared_buffers = 32MB
fsync = off
"""


class TlsPostgres:
    """The server, and the files of its clients."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.authority = folder, trustme.CA()
        self.ca, self.other_ca = folder / "ca.pem", folder / "other-ca.pem"
        self.authority.cert_pem.write_to_path(self.ca)
        trustme.CA().cert_pem.write_to_path(self.other_ca)
        (self.port,) = free_ports(1)
        self.admin = Database(self._superuser("app"))
        self._user = UNPRIVILEGED if is_root() else None
        self._home, self._data = folder / "server", folder / "data"
        self._records, log = folder / "processes", folder / "postgres.log"
        command = (str(self._home / "bin" / "postgres"), "-D", str(self._data))
        recipe = Recipe("postgres", command, folder, log, signal.SIGINT, self._user)
        self._process = Supervised(recipe, self._records)

    def start(self) -> None:
        """Creates the server with its roles and the database `app`, and starts it."""
        settings = Settings.load({})
        paths = fetch(Lock.read("secured", LOCKS), settings.cache, "", Progress())
        self._home.mkdir()
        unpack_postgres(next(path for path in paths if "postgres" in path.name), self._home)
        self._initdb()
        hosts = f"{LOOPBACK},::1" if has_ipv6() else LOOPBACK
        with (self._data / "postgresql.conf").open("a") as config:
            config.write(CONFIG.format(hosts=hosts, port=self.port))
        (self._data / "pg_hba.conf").write_text(ACCESS)
        self.authority.cert_pem.write_to_path(self._data / "ca.crt")
        self.use_certificate()
        superuser = Database(self._superuser("postgres"))
        superuser.execute(ROLES)
        superuser.execute("CREATE DATABASE app")
        superuser.execute(RIGHTS)

    def close(self) -> None:
        self._process.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def use_certificate(self, *, expired: bool = False) -> None:
        """Starts the server, or starts it again, with a new certificate."""
        begin, end = _validity(expired=expired)
        leaf = self.authority.issue_cert("localhost", LOOPBACK, not_before=begin, not_after=end)
        for path in self._write("server", leaf, self._data):
            if self._user:
                shutil.chown(path, self._user)
        self._process.stop()
        self._process.start()
        answers = Database(self._superuser("postgres")).query
        gone = (psycopg.OperationalError,)
        wait_until(lambda: answers("SELECT 1"), bool, WITHIN, "PostgreSQL", tolerate=gone)

    def client_certificate(self, name: str, *, expired: bool = False) -> tuple[Path, Path]:
        """Certificate and key of a client whose common name is `name`."""
        begin, end = _validity(expired=expired)
        # Java refuses a certificate with an empty list of names.
        leaf = self.authority.issue_cert(
            f"{name}.example", common_name=name, not_before=begin, not_after=end
        )
        return self._write(f"{name}{'-expired' if expired else ''}", leaf, self.folder)

    def uri(self, user: str = "cdc", query: str = "", *, host: str = LOOPBACK) -> str:
        """The URI of `app` without a password. `query`: parameters of libpq."""
        return f"postgresql://{user}@{host}:{self.port}/app?{query}"

    def _superuser(self, name: str) -> str:
        return DatabaseAddress.isolated(LOOPBACK, self.port, name, "postgres").conninfo

    def _initdb(self) -> None:
        self._data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self._data, self._user)
        command = (
            *(str(self._home / "bin" / "initdb"), "-D", str(self._data), "-U", "postgres"),
            *("--auth=reject", "--no-sync", "--locale=C", "--encoding=UTF8"),
        )
        done = run_to_end("initdb", command, self.folder, self._records, WITHIN, user=self._user)
        assert done.code == 0, done.words

    def _write(self, name: str, leaf: trustme.LeafCert, folder: Path) -> tuple[Path, Path]:
        chain, key = folder / f"{name}.crt", folder / f"{name}.key"
        chain.write_bytes(b"".join(each.bytes() for each in leaf.cert_chain_pems))
        key.write_bytes(leaf.private_key_pem.bytes())
        key.chmod(0o600)
        return chain, key


def _validity(*, expired: bool) -> tuple[datetime | None, datetime | None]:
    return (LONG_AGO, A_WHILE_AGO) if expired else (None, None)


def has_ipv6() -> bool:
    """Whether this host has the address ::1."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


@contextmanager
def tls_postgres() -> Iterator[TlsPostgres]:
    """Runs the server while the `with` lasts."""
    running = TlsPostgres(new_folder())
    try:
        running.start()
        yield running
    finally:
        running.close()
