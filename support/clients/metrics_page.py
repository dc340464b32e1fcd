"""Reads a page of metrics over HTTP."""

from __future__ import annotations

import requests

from support.clients.http_body import read_body
from support.errors import StackError
from support.record.secrets import bare_url

TIMEOUT_S = 10
"""An exporter reads every MBean for each request, which takes seconds with many partitions."""
WHOLE_PAGE_S = 30


def read_page(url: str) -> str:
    """Returns the text at a URL. Raises StackError if it can't be read."""
    session = requests.Session()
    # A proxy in the user's environment is not meant for this broker.
    session.trust_env = False
    try:
        answer = read_body(session.get(url, timeout=TIMEOUT_S, stream=True), WHOLE_PAGE_S)
    except (requests.RequestException, OSError) as error:
        # Not `from error`: its words contain the query of the URL.
        raise StackError(
            f"The broker's metrics can't be read at {bare_url(url)}.",
            seen=type(error).__name__,
            cause="a wrong address, a firewall, or an endpoint that does not run",
            then=f"curl {bare_url(url)}",
        ) from None
    if answer.status_code != requests.codes.ok:
        raise StackError(
            f"The broker's metrics can't be read at {bare_url(url)}.",
            seen=f"HTTP {answer.status_code}",
            cause="another path, such as /metrics or /jolokia/, or a login that it asks for",
            then="-D kafka_metrics=http://USER:PASSWORD@HOST:PORT/PATH",
        )
    return answer.text
