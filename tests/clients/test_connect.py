"""An older Kafka Connect, which can't report offsets, is not the same as one that fails."""

from __future__ import annotations

from typing import Any

import pytest

from support.clients.connect import ConnectClient, OffsetsUnknown
from support.clients.connect_address import ConnectAddress
from support.errors import StackError


def answering(
    monkeypatch: pytest.MonkeyPatch, version: str, offsets: dict[str, Any] | None
) -> ConnectClient:
    """A worker of that version; without `offsets` it refuses to report them."""

    def call(self: ConnectClient, method: str, path: str, body: object = None) -> Any:
        if path == "/":
            return {"version": version}
        if offsets is None:
            raise StackError(f"Kafka Connect refused {method} {path}.", seen="404 Not Found")
        return offsets

    monkeypatch.setattr(ConnectClient, "_call", call)
    return ConnectClient(ConnectAddress("http://127.0.0.1:9"))


@pytest.mark.parametrize(("version", "reported"), [("3.4.1", "3.4"), ("7.5.0-ccs", "3.5")])
def test_an_old_connect_reports_no_committed_offset(
    monkeypatch: pytest.MonkeyPatch, version: str, reported: str
) -> None:
    with pytest.raises(OffsetsUnknown, match=f"Kafka Connect {reported} can't report"):
        answering(monkeypatch, version, None).committed_lsn("kv")


def test_a_new_connect_that_refuses_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StackError, match="refused GET") as error:
        answering(monkeypatch, "3.6.1", None).committed_lsn("kv")
    assert not isinstance(error.value, OffsetsUnknown)


def test_the_committed_offset_of_a_new_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    offsets = {"offsets": [{"partition": {}, "offset": {"lsn": 42}}]}
    assert answering(monkeypatch, "3.6.1", offsets).committed_lsn("kv") == 42
    assert answering(monkeypatch, "3.4.1", {"offsets": []}).committed_lsn("kv") is None
