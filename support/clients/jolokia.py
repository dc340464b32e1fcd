"""A thin typed wrapper of Jolokia: JMX attributes of a JVM over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests

from support.errors import StackError
from support.record.secrets import HIDDEN

TIMEOUT_S = 3


class JolokiaClient:
    """Reads MBeans. Raises StackError if the agent does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        # A proxy in the user's environment is not meant for this broker.
        self._session.trust_env = False

    def read(self, beans: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """MBean -> its attributes, read with one HTTP request. Unknown MBeans are left out.

        A name may be a pattern with `*`: it gives one entry for each MBean that it matches.
        """
        body = [{"type": "read", "mbean": bean} for bean in beans]
        try:
            answers = self._session.post(self._url, json=body, timeout=TIMEOUT_S).json()
        except (requests.RequestException, ValueError) as error:
            # The words of requests contain the query of the URL.
            seen = str(error).replace(urlsplit(self._url).query or HIDDEN, HIDDEN)
            raise StackError("JMX does not answer.", seen=seen[:300]) from None
        found: dict[str, Mapping[str, Any]] = {}
        for bean, answer in zip(beans, answers, strict=True):
            if answer.get("status") != 200:
                continue
            if "*" in bean:
                found.update(answer["value"])
            else:
                found[bean] = answer["value"]
        return found
