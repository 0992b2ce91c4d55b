"""Ports on 127.0.0.1: TCP, because a socket path may not exceed 107 bytes and clones lie deep."""

import socket

LOOPBACK = "127.0.0.1"


class BusyPortError(Exception):
    """Another program listens on the port."""


def free_port() -> int:
    """A port that is free now. Somebody may take it before its user starts; starting then fails and says so."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int) -> None:
    """Raises BusyPortError if a program listens there already."""
    with socket.socket() as probe:
        # Connections of a server that has just stopped linger; they do not make the port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise BusyPortError(f"Port {port} cannot be used: {error.strerror}.") from error


def answers(port: int) -> bool:
    """Whether something accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
