"""Sends requests to a server with a REST interface, with its login and the CA that it needs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import requests
from requests.utils import get_netrc_auth

from support.clients.http_body import read_body
from support.clients.http_troubles import Server, refused, unreachable
from support.interruption import interruptible

CONNECT_TIMEOUT_S = 5
"""A server whose host does not answer is reported within this time."""
WHOLE_BODY_S = 30
"""The longest time from an answer's headers to the end of its body."""


class HttpAddress(Protocol):
    """A URL, the login for it, and the PEM file of the CA to trust (None: the usual ones)."""

    @property
    def url(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def ca(self) -> Path | None: ...


@dataclass(frozen=True)
class Form:
    """The fields of an HTML form."""

    fields: Mapping[str, str]


class HttpClient:
    """Sends requests to one server. Its cookies are kept.

    Proxies of the user's environment are not used, because they are not meant for a server of the
    stack. ~/.netrc (or NETRC) is read when the address has no password.
    """

    def __init__(self, server: Server, address: HttpAddress, timeout_s: float) -> None:
        """`timeout_s` limits the wait for an answer, in seconds."""
        self.url = address.url.rstrip("/")
        self.login = _login(address)
        """User and password; None without a login."""
        self._server, self._timeout_s = server, timeout_s
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(address.ca) if address.ca else True
        if self.login:
            user, password = self.login
            # In UTF-8, as Kafka Connect reads it: requests would refuse what Latin-1 lacks.
            encoded = b64encode(f"{user}:{password}".encode()).decode()
            self._session.headers["Authorization"] = f"Basic {encoded}"

    def send(
        self, method: str, path: str, body: Mapping[str, str] | Form | None = None
    ) -> requests.Response:
        """Returns the answer, whatever its status; a redirect is not followed.

        `path` is relative to the URL of the address. Raises StackError without an answer.
        """
        form = body.fields if isinstance(body, Form) else None
        json = None if isinstance(body, Form) else body
        try:
            with interruptible():
                answer = self._session.request(
                    method,
                    self.url + path,
                    json=json,
                    data=form,
                    timeout=(CONNECT_TIMEOUT_S, self._timeout_s),
                    allow_redirects=False,
                    stream=True,
                )
                return read_body(answer, WHOLE_BODY_S)
        except (requests.RequestException, OSError) as error:
            raise unreachable(self._server, self.url, f"{method} {path}", error) from error

    def accepted(
        self, method: str, path: str, body: Mapping[str, str] | Form | None = None
    ) -> requests.Response:
        """Returns the answer. Raises Refused if the server does not accept the request."""
        answer = self.send(method, path, body)
        self.check(answer, f"{method} {path}")
        return answer

    def check(self, answer: requests.Response, request: str) -> None:
        """Raises Refused unless the answer's status says that the request was accepted."""
        if not answer.ok or answer.is_redirect:
            raise refused(self._server, self.url, request, answer, self.login)


def _login(address: HttpAddress) -> tuple[str, str] | None:
    """Returns the login of the address; without a password there, that of ~/.netrc."""
    if address.password:
        return address.user, address.password
    found = get_netrc_auth(address.url) if address.url else None
    if found and (not address.user or address.user == found[0]):
        return str(found[0]), str(found[1])
    return (address.user, "") if address.user else None
