"""A thin typed wrapper of Jolokia: JMX attributes of a JVM over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from support.errors import StackError

TIMEOUT_S = 3


class JolokiaClient:
    """Reads MBeans. Raises StackError when the agent does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        # A proxy in the user's environment is for the way out, not for our own broker.
        self._session.trust_env = False

    def read(self, beans: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """MBean name (patterns with * allowed) -> its attributes; unknown ones are left out.

        A pattern gives one entry for each MBean that it matches. One HTTP request for all.
        """
        body = [{"type": "read", "mbean": bean} for bean in beans]
        try:
            answers = self._session.post(self._url, json=body, timeout=TIMEOUT_S).json()
        except (requests.RequestException, ValueError) as error:
            raise StackError("JMX does not answer.", seen=str(error)[:300]) from error
        found: dict[str, Mapping[str, Any]] = {}
        for bean, answer in zip(beans, answers, strict=True):
            if answer.get("status") != 200:
                continue
            if "*" in bean:
                found.update(answer["value"])
            else:
                found[bean] = answer["value"]
        return found
