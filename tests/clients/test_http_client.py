"""Logins, CAs and the explanations of what goes wrong, over real sockets."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from support.clients import http_client, metrics_page
from support.clients.connect_address import ConnectAddress
from support.clients.http_client import HttpClient
from support.clients.http_troubles import Refused, Server
from support.clients.metrics_page import read_page
from support.errors import StackError
from tests.clients.http_server import Answer, Behaviour, Sent, serving

SERVER = Server("Kafka Connect", "connect")
LONG_AGO, A_WHILE_AGO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)


def client(url: str, user: str = "", password: str = "", ca: Path | None = None) -> HttpClient:
    return HttpClient(SERVER, ConnectAddress(url, user, password, ca), 5)


def fine(_: Sent) -> Answer:
    return Answer(body={"fine": True})


def only(user: str, password: str) -> Behaviour:
    """A behaviour that wants this login."""

    def behave(sent: Sent) -> Answer:
        given = sent.headers.get("Authorization", "").removeprefix("Basic ")
        right = b64decode(given).decode() == f"{user}:{password}"
        return Answer(200 if right else 401, {"seen": b64decode(given).decode()})

    return behave


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    made.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "ok.pem")
    made.issue_cert("elsewhere.example").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "elsewhere.pem"
    )
    made.issue_cert(
        "127.0.0.1", not_before=LONG_AGO, not_after=A_WHILE_AGO
    ).private_key_and_cert_chain_pem.write_to_path(tmp_path / "expired.pem")
    return tmp_path


@pytest.mark.parametrize("password", ["secret", "pä:ss/€#", "p@%[ ]"])
def test_a_login_of_any_characters_is_sent(password: str) -> None:
    with serving(only("ops", password)) as url:
        assert client(url, "ops", password).accepted("GET", "/").ok


def test_a_login_comes_from_netrc_when_the_address_has_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ops password from-netrc\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(only("ops", "from-netrc")) as url:
        assert client(url).accepted("GET", "/").ok
        assert client(url, "ops").accepted("GET", "/").ok
        with pytest.raises(Refused, match="did not accept the user bob"):
            client(url, "bob").accepted("GET", "/")
    with serving(only("bob", "given")) as url:
        assert client(url, "bob", "given").accepted("GET", "/").ok


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(fine) as url:
        assert client(url).accepted("GET", "/").json() == {"fine": True}


def test_a_wrong_password_is_reported_without_it() -> None:
    with serving(only("ops", "right")) as url, pytest.raises(Refused) as error:
        client(url, "ops", "S3cretPw").accepted("GET", "/x")
    assert "did not accept the user ops with this password" in str(error.value)
    assert "KAFKA_VALIDATION_CONNECT_USER" in str(error.value)
    assert error.value.status == 401
    assert "S3cretPw" not in str(error.value)


def test_a_missing_login_is_reported() -> None:
    with serving(only("ops", "right")) as url, pytest.raises(Refused) as error:
        client(url).accepted("GET", "/x")
    assert "asks for a user and a password" in str(error.value)
    assert "~/.netrc" in str(error.value)


def test_a_ca_makes_a_company_s_certificate_trusted(authority: Path) -> None:
    with serving(fine, authority / "ok.pem") as url:
        assert client(url, ca=authority / "ca.pem").accepted("GET", "/").ok


@pytest.mark.parametrize(
    ("certificate", "ca", "said", "then"),
    [
        ("ok.pem", None, "unable to get local issuer", "-D connect_ca=FILE"),
        ("expired.pem", "ca.pem", "certificate has expired", "renew the certificate"),
        ("elsewhere.pem", "ca.pem", "mismatch", "that the certificate contains"),
    ],
)
def test_a_certificate_that_is_not_trusted_is_explained(
    authority: Path, certificate: str, ca: str | None, said: str, then: str
) -> None:
    with (
        serving(fine, authority / certificate) as url,
        pytest.raises(StackError, match="certificate of Kafka Connect") as it,
    ):
        client(url, ca=authority / ca if ca else None).accepted("GET", "/")
    assert f"at {url} is not trusted" in str(it.value)
    assert said in str(it.value)
    assert then in str(it.value)


def test_a_file_that_is_no_ca_is_explained(authority: Path) -> None:
    (authority / "none.pem").write_text("no certificate")
    with serving(fine, authority / "ok.pem") as url, pytest.raises(StackError) as error:
        client(url, ca=authority / "none.pem").accepted("GET", "/")
    assert "the file of -D connect_ca is no PEM file" in str(error.value)


def test_a_server_that_wants_a_client_s_certificate_is_explained(authority: Path) -> None:
    ca = authority / "ca.pem"
    with serving(fine, authority / "ok.pem", ca) as url, pytest.raises(StackError) as error:
        client(url, ca=ca).accepted("GET", "/")
    assert "asks for a client's certificate" in str(error.value)


def test_plain_http_at_a_tls_port_names_https(authority: Path) -> None:
    with serving(fine, authority / "ok.pem") as url, pytest.raises(StackError) as error:
        client(url.replace("https", "http")).accepted("GET", "/")
    assert f"-D connect={url}" in str(error.value)


def test_tls_at_a_plain_port_names_http() -> None:
    with serving(fine) as url, pytest.raises(StackError) as error:
        client(url.replace("http", "https")).accepted("GET", "/")
    assert "does not speak TLS" in str(error.value)
    assert f"-D connect={url}" in str(error.value)


def test_a_proxy_that_answers_for_a_tls_port_names_https() -> None:
    page = "<html>400 The plain HTTP request was sent to HTTPS port</html>"
    with serving(lambda _: Answer(400, page)) as url, pytest.raises(Refused) as error:
        client(url).accepted("GET", "/")
    assert f"-D connect={url.replace('http', 'https')}" in str(error.value)


def test_a_redirect_is_not_followed_and_its_query_not_shown() -> None:
    moved = Answer(302, "", {"Location": "https://sso.example/login?token=S3cretPw"})
    with serving(lambda _: moved) as url, pytest.raises(Refused) as error:
        client(url).accepted("PUT", "/x", {"a": "b"})
    assert "https://sso.example/login" in str(error.value)
    assert "S3cretPw" not in str(error.value)


def test_a_server_that_repeats_the_password_is_not_quoted_with_it() -> None:
    with serving(lambda _: Answer(500, "bad: S3cretPw")) as url, pytest.raises(Refused) as error:
        client(url, "ops", "S3cretPw").accepted("GET", "/")
    assert "bad: ***" in str(error.value)


def test_no_server_is_explained() -> None:
    with pytest.raises(StackError, match="does not answer GET /x") as error:
        client("http://127.0.0.1:9").accepted("GET", "/x")
    assert "seen: Failed to establish a new connection: [Errno 111]" in str(error.value)


@contextmanager
def dripping(every_s: float, of: int, sent: int) -> Iterator[str]:
    """Yields the URL of a server that sends `sent` of its `of` bytes one by one, then hangs up."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(of))
            self.end_headers()
            for _ in range(sent):
                self.wfile.write(b"1")
                self.wfile.flush()
                time.sleep(every_s)

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def read_metrics(url: str) -> str:
    return read_page(f"{url}/metrics")


def ask(url: str) -> str:
    return client(url).accepted("GET", "/").text


@pytest.mark.parametrize("read", [ask, read_metrics])
def test_an_answer_that_does_not_end_is_given_up(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], str]
) -> None:
    for module, name in ((http_client, "WHOLE_BODY_S"), (metrics_page, "WHOLE_PAGE_S")):
        monkeypatch.setattr(module, name, 0.5, raising=False)
    with dripping(0.05, 60, 60) as url, pytest.raises(StackError) as error:
        began = time.monotonic()
        read(url)
    assert time.monotonic() - began < 2
    assert "TimeoutError" in str(error.value) or "bytes of it had arrived" in str(error.value)


@pytest.mark.parametrize("read", [ask, read_metrics])
def test_an_answer_that_is_cut_off_is_an_error(read: Callable[[str], str]) -> None:
    with dripping(0, 9, 4) as url, pytest.raises(StackError):
        read(url)


@pytest.mark.parametrize("read", [ask, read_metrics])
def test_an_answer_in_pieces_is_read_whole(read: Callable[[str], str]) -> None:
    with dripping(0.01, 9, 9) as url:
        assert read(url) == "1" * 9


def test_a_long_answer_is_read_whole() -> None:
    with serving(lambda _: Answer(body="x" * 200_000)) as url:
        assert len(client(url).accepted("GET", "/").content) == 200_000
