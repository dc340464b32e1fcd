"""Ports of the loopback address: the usual one, or a free one if that is taken."""

from __future__ import annotations

import socket

import psutil

from support.errors import StackError

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a process could listen on this port of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def choose_port(setting: str, explicit: int | None, usual: int) -> int:
    """The port `explicit` if it is given, else `usual` if it is free, else any free port.

    Raises StackError, with the process that has it, if the explicit port is taken.
    """
    if explicit is not None:
        if is_free(explicit):
            return explicit
        raise StackError(
            f"The port {explicit}, asked for by {setting}, is taken.",
            seen=_owner(explicit),
            then=f"end that process, choose another port, or leave -D {setting} out: "
            "a free port is found then",
        )
    if is_free(usual):
        return usual
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def accepts_connections(port: int) -> bool:
    """Whether a process listens on this port; it need not be ready."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _owner(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.pid:
                return f"process {connection.pid} ({psutil.Process(connection.pid).name()})"
    except psutil.Error:
        return "a process that this user may not see"
    return "an unknown process"
