"""A thin typed wrapper of Kafka UI's REST interface (kafbat, and provectus before it)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests

from support.clients.http_client import Form, HttpClient
from support.clients.http_troubles import Server
from support.clients.kafka_address import KafkaAddress
from support.clients.kafka_ui_address import KafkaUiAddress
from support.errors import StackError

SERVER = Server("Kafka UI", "kafka_ui")
TIMEOUT_S = 20
"""Shorter than Kafka UI's own wait for a broker that is down (a minute)."""

FORM = "/login"
"""The path of the login form since kafbat 1.1. It was /auth in kafbat 1.0 and in provectus."""

UNAUTHORIZED = 401


class KafkaUi:
    """Methods raise StackError if it can't be reached, refuses, or sends an unexpected answer.

    The login of the address is sent as basic authentication, for a proxy, and by Kafka UI's own
    form (auth.type LOGIN_FORM or LDAP) when it asks for it.
    """

    def __init__(self, address: KafkaUiAddress) -> None:
        self._http = HttpClient(SERVER, address, TIMEOUT_S)

    def clusters(self) -> tuple[str, ...]:
        """The names of the clusters that are online, as Kafka UI saw them up to 30 s ago."""
        found = self._get("/api/clusters")
        return tuple(str(each["name"]) for each in found if each.get("status") == "online")

    def group_lag(self, kafka: KafkaAddress, group: str) -> dict[tuple[str, int], int | None]:
        """Topic and partition -> the lag of a group, None without a commit.

        Asks the first cluster that has the group for its details, which every version reads from
        Kafka at that moment; the list of groups and their sums are up to 30 s old in kafbat 1.5.
        `kafka` is only used in the error message: Kafka UI does not report a cluster's address.
        """
        for cluster in self.clusters():
            place, name = quote(cluster, safe=""), quote(group, safe="")
            found = self._get(f"/api/clusters/{place}/consumer-groups/{name}")
            partitions = found.get("partitions") or []
            if partitions:
                return {
                    (str(each["topic"]), int(each["partition"])): _lag(each) for each in partitions
                }
        raise StackError(
            f"Kafka UI knows no group {group}.",
            seen=f"clusters online: {', '.join(self.clusters()) or 'none'}",
            cause=f"it shows another cluster than {kafka}, or one that it could not reach when "
            "it last looked, up to 30 s ago",
            then="check -D kafka_ui",
        )

    def _get(self, path: str) -> Any:
        answer = self._http.send("GET", path)
        if self._http.login and (answer.is_redirect or answer.status_code == UNAUTHORIZED):
            self._fill_in_form(answer)
            answer = self._http.send("GET", path)
        elif answer.is_redirect:
            raise StackError(
                f"Kafka UI at {self._http.url} asks for a login.", then=SERVER.credentials
            )
        self._http.check(answer, f"GET {path}")
        try:
            return answer.json()
        except ValueError as error:
            raise StackError(
                f"There is no Kafka UI at {self._http.url}.",
                seen=f"no JSON but {answer.headers.get('Content-Type')} for {path}",
                then="open it in a browser; check -D kafka_ui",
            ) from error

    def _fill_in_form(self, refusal: requests.Response) -> None:
        """Logs in with the form to which a request was redirected. Raises StackError."""
        user, password = self._http.login or ("", "")
        place = urljoin(self._http.url + "/", refusal.headers.get("Location", f".{FORM}"))
        if urlsplit(place).hostname != urlsplit(self._http.url).hostname:
            raise StackError(
                f"Kafka UI at {self._http.url} asks for a login that the suite can't give.",
                seen=f"a redirect to {place.partition('?')[0]}",
                wanted="a login by its form, or basic authentication",
                cause="single sign-on",
            )
        form = Form({"username": user, "password": password})
        path = urlsplit(place).path
        base = urlsplit(self._http.url).path
        answer = self._http.send("POST", path.removeprefix(base), form)
        failed = "error" in urlsplit(answer.headers.get("Location", "")).query
        if failed or not (answer.ok or answer.is_redirect):
            raise StackError(
                f"Kafka UI at {self._http.url} did not accept the user {user} with this password.",
                seen=f"{answer.status_code} for POST {path}",
                then=SERVER.credentials,
            )


def _lag(partition: dict[str, Any]) -> int | None:
    """The field is consumerLag in newer versions, and was messagesBehind in provectus."""
    lag = partition.get("consumerLag", partition.get("messagesBehind"))
    return None if lag is None else int(lag)
