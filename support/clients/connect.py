"""A thin typed wrapper of Kafka Connect's REST interface."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import requests

from support.clients.connect_address import ConnectAddress
from support.clients.http_client import HttpClient
from support.clients.http_troubles import Refused, Server
from support.errors import NotInTime, StackError
from support.record.secrets import without_passwords
from support.waiting import wait_until

SERVER = Server("Kafka Connect", "connect")
TIMEOUT_S = 30
PATIENCE = timedelta(seconds=30)
REBALANCE = timedelta(seconds=30)
"""How long a request is repeated while Connect refuses it because its workers rebalance."""

CONFLICT, NOT_FOUND = 409, 404
ALREADY = "already exists"
"""Text of the 409 response for which a retry is useless."""

CONFLUENT = 4
"""The difference of major version numbers between Confluent Platform (up to 8) and Kafka."""
UNKNOWN = (0, 0)
"""The version of a worker whose version can't be read."""
OFFSETS_SINCE = (3, 6)
"""The first version of Kafka Connect that reports and removes the offsets of a connector."""


class OffsetsUnknown(StackError):
    """This Kafka Connect is too old to report the offsets that it committed."""


@dataclass(frozen=True)
class ConnectorState:
    """States as Connect reports them (RUNNING, FAILED ...), and the trace of the first failure."""

    connector: str
    tasks: tuple[str, ...]
    trace: str

    @property
    def running(self) -> bool:
        """Whether the connector and its tasks run. A connector can be RUNNING without its tasks."""
        return self.connector == "RUNNING" and bool(self.tasks) and set(self.tasks) == {"RUNNING"}


class ConnectClient:
    """The connectors of one worker. Methods raise StackError if it refuses or can't be reached."""

    def __init__(self, address: ConnectAddress) -> None:
        self._http = HttpClient(SERVER, address, TIMEOUT_S)

    def plugins(self) -> tuple[str, ...]:
        """The class names of the connector plugins that the worker has loaded."""
        try:
            return tuple(str(entry["class"]) for entry in self._call("GET", "/connector-plugins"))
        except Refused as error:
            if error.status != NOT_FOUND:
                raise
            raise self._elsewhere("404 for /connector-plugins") from error

    def versions(self, plugin: str) -> dict[str, str]:
        """The versions of `connect` and, if it reports that of the plugin, of `debezium`."""
        found = {"connect": str(self._call("GET", "/")["version"])}
        for entry in self._call("GET", "/connector-plugins"):
            if entry["class"] == plugin and entry.get("version"):
                found["debezium"] = str(entry["version"])
        return found

    def version(self) -> tuple[int, int]:
        """Major and minor version of the worker's Kafka; UNKNOWN if it can't be read."""
        found = re.match(r"(\d+)\.(\d+)", str(self._call("GET", "/")["version"]))
        major, minor = (int(found[1]), int(found[2])) if found else UNKNOWN
        # Confluent Platform 5 to 8 are Kafka 1 to 4 (7.6 is 3.6, with the same minor number).
        return (major - CONFLUENT, minor) if major > CONFLUENT else (major, minor)

    def known_settings(self, plugin: str) -> frozenset[str]:
        """The names of the settings that a connector class declares."""
        return frozenset(
            str(entry["name"]) for entry in self._call("GET", f"/connector-plugins/{plugin}/config")
        )

    def default_settings(self, plugin: str) -> dict[str, str]:
        """Setting -> the default that a connector class declares; without those that have none."""
        declared = self._call("GET", f"/connector-plugins/{plugin}/config")
        return {
            str(entry["name"]): str(entry["default_value"])
            for entry in declared
            if entry.get("default_value") is not None
        }

    def refused_settings(self, plugin: str, config: Mapping[str, str]) -> dict[str, str]:
        """Setting -> the reason why Connect or the connector refuses its value.

        Only validates: nothing is registered.
        """
        path = f"/connector-plugins/{plugin.rpartition('.')[2]}/config/validate"
        answer = self._call("PUT", path, config)
        # Debezium 3.6 does not return a value for each setting that it declares.
        values = [entry["value"] for entry in answer["configs"] if entry["value"]]
        refused = {value["name"]: value["errors"] for value in values}
        return {
            str(name): without_passwords("; ".join(errors))
            for name, errors in refused.items()
            if errors
        }

    def put_config(self, name: str, config: Mapping[str, str]) -> None:
        """Creates the connector, or changes its configuration."""
        self._call("PUT", _path(name, "/config"), dict(config))

    def config(self, name: str) -> dict[str, str]:
        """The connector's configuration."""
        return {str(k): str(v) for k, v in self._call("GET", _path(name, "/config")).items()}

    def state(self, name: str) -> ConnectorState:
        """The state that Connect reports. After a worker's crash it can be the one from before."""
        raw = self._call("GET", _path(name, "/status"))
        parts = [raw["connector"], *raw["tasks"]]
        return ConnectorState(
            raw["connector"]["state"],
            tuple(task["state"] for task in raw["tasks"]),
            without_passwords(next((part["trace"] for part in parts if part.get("trace")), "")),
        )

    def connectors(self) -> tuple[str, ...]:
        """The names of all connectors."""
        return tuple(str(name) for name in self._call("GET", "/connectors"))

    def delete(self, name: str) -> None:
        """Removes a connector and its committed source offsets. A missing one is ignored."""
        if name in self.connectors():
            try:
                self._remove_offsets(name)
            finally:
                self._call("DELETE", _path(name))

    def _remove_offsets(self, name: str) -> None:
        """Stops a connector and removes its offsets.

        A Connect older than 3.6 can't, and keeps them: the name is never used again.
        """
        version = self.version()
        if UNKNOWN < version < OFFSETS_SINCE:
            return
        try:
            self._call("PUT", _path(name, "/stop"))
            wait_until(
                lambda: self._call("DELETE", _path(name, "/offsets")),
                lambda _: True,
                PATIENCE,
                f"the offsets of {name} to be removed",
                tolerate=(StackError,),
            )
        except (StackError, NotInTime):
            if version != UNKNOWN:
                raise

    def restart(self, name: str) -> None:
        """Restarts the connector and all its tasks, failed or not."""
        self._call("POST", _path(name, "/restart?includeTasks=true&onlyFailed=false"))

    def restart_task(self, name: str, task: int) -> None:
        self._call("POST", _path(name, f"/tasks/{task}/restart"))

    def committed_lsn(self, name: str) -> int | None:
        """The source offset (LSN) that Connect has committed; None if there is none.

        Raises OffsetsUnknown if this Connect can't report it.
        """
        try:
            offsets = self._call("GET", _path(name, "/offsets"))["offsets"]
        except StackError as error:
            version = self.version()
            if version >= OFFSETS_SINCE:
                raise
            number = ".".join(map(str, version))
            raise OffsetsUnknown(
                f"Kafka Connect {number} can't report the offsets that it committed (3.6 can)."
            ) from error
        found = [each["offset"].get("lsn") for each in offsets if each.get("offset")]
        return int(found[0]) if found and found[0] is not None else None

    def _call(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        answer = self._http.send(method, path, body)
        if _rebalancing(answer):
            answer = self._after_rebalance(method, path, body)
        self._http.check(answer, f"{method} {path}")
        try:
            return answer.json() if answer.content else None
        except ValueError as error:
            kind = answer.headers.get("Content-Type", "no content type")
            raise self._elsewhere(f"no JSON but {kind} for {path}") from error

    def _after_rebalance(
        self, method: str, path: str, body: Mapping[str, str] | None
    ) -> requests.Response:
        """Repeats a request until Connect's workers have rebalanced. Returns the answer."""
        seen = ""

        def settled(answer: requests.Response) -> bool:
            nonlocal seen
            seen = f"{answer.status_code} {answer.text[:300]}"
            return not _rebalancing(answer)

        try:
            return wait_until(
                lambda: self._http.send(method, path, body),
                settled,
                REBALANCE,
                "Kafka Connect's rebalance to end",
                every=timedelta(milliseconds=500),
            )
        except NotInTime as error:
            raise StackError(
                f"Kafka Connect refused {method} {path} for {REBALANCE.total_seconds():g} s.",
                seen=seen,
                cause="its workers rebalance, or have no leader",
                then="read the workers' logs; each worker must reach the URL that the others "
                "advertise",
            ) from error

    def _elsewhere(self, seen: str) -> StackError:
        return StackError(
            f"There is no Kafka Connect at {self._http.url}.",
            seen=seen,
            wanted="the REST interface of a worker",
            cause="another server, or another path prefix",
            then=f"-D connect=URL, for which curl {self._http.url}/connector-plugins answers",
        )


def _rebalancing(answer: requests.Response) -> bool:
    return answer.status_code == CONFLICT and ALREADY not in answer.text


def _path(name: str, rest: str = "") -> str:
    return f"/connectors/{quote(name, safe='')}{rest}"
