"""Explains why a server with a REST interface could not be reached, or refused a request."""

from __future__ import annotations

import re
from dataclasses import dataclass

import requests

from support.errors import StackError
from support.record.secrets import HIDDEN, without_passwords

UNTRUSTED = re.compile(r"certificate verify failed: ([^(\"']*(?:'[^']*')?[^(\"']*)")
NOT_TLS = ("WRONG_VERSION_NUMBER", "record layer failure", "UNKNOWN_PROTOCOL", "HTTP_REQUEST")
"""OpenSSL's errors when the other side answers a TLS greeting with plain text."""

SPEAKS_TLS = ("BadStatusLine", "RemoteDisconnected", "Connection reset", "InvalidHeader")
"""Reactions of a port that expects TLS to a plain request: it sends an alert, or hangs up."""

CAUSE = re.compile(
    r"Caused by \w+\((?:SSL\w*Error\(\d+, )?['\"]?(?:<?\w+\([^)]*\)>?: )?(.*?)['\"]?\)+$"
)
"""The reason at the end of a message of requests."""

PLAIN_TO_TLS = "plain HTTP request was sent to HTTPS port"
"""How nginx answers a plain request at a port that expects TLS."""


@dataclass(frozen=True)
class Server:
    """A kind of server: its name for people, and the setting that contains its URL."""

    name: str
    setting: str

    @property
    def credentials(self) -> str:
        """Returns where a user gives a login."""
        variable = f"KAFKA_VALIDATION_{self.setting.upper()}"
        return f"{variable}_USER and {variable}_PASSWORD, or ~/.netrc"


class Refused(StackError):
    """The server answered, and did not accept the request. `status` is the HTTP status."""

    status = 0


def unreachable(server: Server, url: str, request: str, error: Exception) -> StackError:
    """Returns the error about a request without an answer."""
    text = " ".join(str(error).split())
    if isinstance(error, requests.exceptions.SSLError):
        return _tls(server, url, text)
    if url.startswith("http:") and any(mark in text for mark in SPEAKS_TLS):
        return StackError(
            f"{server.name} at {url} gives no HTTP answer to {request}.",
            seen=text[:300],
            cause="the port expects TLS, or the server is just ending",
            then=f"if it expects TLS: -D {server.setting}=https{url.removeprefix('http')}",
        )
    return StackError(
        f"{server.name} at {url} does not answer {request}.",
        seen=_innermost(text)[:300],
        then=f"curl {url}/ from this host; check -D {server.setting}; for a stack that the suite "
        "started: make status, then make logs",
    )


def _tls(server: Server, url: str, text: str) -> StackError:
    if any(mark in text for mark in NOT_TLS):
        return StackError(
            f"{server.name} at {url} does not speak TLS.",
            seen=text[:300],
            cause="the port serves plain HTTP",
            then=f"-D {server.setting}=http{url.removeprefix('https')}",
        )
    if found := UNTRUSTED.search(text):
        return _untrusted(server, url, found[1].strip(" ."))
    cause = (
        "the server asks for a client's certificate, which the suite can't send to it, or wants "
        "another version of TLS"
    )
    if "X509" in text or "PEM" in text:
        cause = f"the file of -D {server.setting}_ca is no PEM file"
    return StackError(
        f"No TLS connection to {server.name} at {url} can be made.",
        seen=_innermost(text)[:300],
        cause=cause,
    )


def _untrusted(server: Server, url: str, reason: str) -> StackError:
    if "mismatch" in reason.lower():
        then = f"use a host name in -D {server.setting} that the certificate contains"
    elif "expired" in reason or "not yet valid" in reason:
        then = "renew the certificate of the server, or check the clocks"
    else:
        then = f"-D {server.setting}_ca=FILE, a PEM file with the CA (or REQUESTS_CA_BUNDLE)"
    what = f"The certificate of {server.name} at {url} is not trusted."
    return StackError(what, seen=reason, then=then)


def _innermost(text: str) -> str:
    """Returns the reason in a message of requests, which wraps those of urllib3 and of Python."""
    found = CAUSE.search(text)
    return found[1] if found else text


def refused(
    server: Server,
    url: str,
    request: str,
    answer: requests.Response,
    login: tuple[str, str] | None,
) -> Refused:
    """Returns the error about an answer that is not the wanted one."""
    # A server may repeat what it was sent.
    text = without_passwords(" ".join(answer.text.split()))
    if login and login[1]:
        text = text.replace(login[1], HIDDEN)
    said = f"{answer.status_code} {text[:500]}".strip()
    error = _explained(server, url, request, answer, login, said)
    error.status = answer.status_code
    return error


def _explained(
    server: Server,
    url: str,
    request: str,
    answer: requests.Response,
    login: tuple[str, str] | None,
    said: str,
) -> Refused:
    if answer.status_code == 401:
        what = (
            f"did not accept the user {login[0]} with this password"
            if login
            else "asks for a user and a password"
        )
        return Refused(f"{server.name} at {url} {what}.", seen=said, then=server.credentials)
    if answer.status_code == 403:
        who = f"the user {login[0]}" if login else "a request without a login"
        return Refused(f"{server.name} at {url} does not permit {who} {request}.", seen=said)
    if answer.is_redirect:
        return Refused(
            f"{server.name} at {url} redirects {request} to another place.",
            seen=f"{answer.status_code} {_place(answer)}",
            cause="a proxy with another URL, or with a login page",
            then=f"give the URL that answers itself: -D {server.setting}=URL",
        )
    if PLAIN_TO_TLS in answer.text:
        then = f"-D {server.setting}=https{url.removeprefix('http')}"
        return Refused(f"{server.name} at {url} expects TLS.", seen=said, then=then)
    then = f"read the log of {server.name}; check -D {server.setting} ({url})"
    return Refused(f"{server.name} refused {request}.", seen=said, then=then)


def _place(answer: requests.Response) -> str:
    """Returns the target of a redirect without its query, which may contain tokens."""
    return answer.headers.get("Location", "").partition("?")[0]
