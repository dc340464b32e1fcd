"""A thin typed wrapper of Kafka UI's REST interface (kafbat, and provectus before it)."""

from __future__ import annotations

from typing import Any

import requests

from support.clients.kafka_address import KafkaAddress
from support.errors import StackError
from support.interruption import interruptible

TIMEOUT_S = 20
"""Shorter than Kafka UI's own wait for a broker that is down (a minute)."""


class KafkaUi:
    """Methods raise StackError if it can't be reached, refuses, or sends an unexpected answer."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def clusters(self) -> tuple[str, ...]:
        """The names of the clusters that are online."""
        found = self._get("/api/clusters")
        return tuple(str(each["name"]) for each in found if each.get("status") == "online")

    def group_lag(self, kafka: KafkaAddress, group: str) -> dict[int, int | None]:
        """Partition -> the lag of a group, None without a commit, in the first cluster that has it.

        `kafka` is only used in the error message: Kafka UI does not report a cluster's address.
        """
        for cluster in self.clusters():
            found = self._get(f"/api/clusters/{cluster}/consumer-groups/{group}")
            partitions = found.get("partitions") or []
            if partitions:
                return {int(each["partition"]): _lag(each) for each in partitions}
        raise StackError(
            f"Kafka UI knows no group {group}.",
            seen=f"clusters online: {', '.join(self.clusters()) or 'none'}",
            cause=f"it shows another cluster than {kafka}",
            then="check -D kafka_ui",
        )

    def _get(self, path: str) -> Any:
        try:
            with interruptible():
                answer = self._session.get(self.url + path, timeout=TIMEOUT_S)
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            raise StackError(
                f"Kafka UI at {self.url} can't be used.",
                seen=f"{type(error).__name__}: {error}"[:500],
                then="open it in a browser; check -D kafka_ui",
            ) from error


def _lag(partition: dict[str, Any]) -> int | None:
    """The field is consumerLag in newer versions, and was messagesBehind in provectus."""
    lag = partition.get("consumerLag", partition.get("messagesBehind"))
    return None if lag is None else int(lag)
