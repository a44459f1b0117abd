"""The place to listen at, taken before anything is opened: what stands in the way is said in words."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from trim_bot.cli.faults import CommandRefused


@contextmanager
def listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Sockets bound to every address of `host`, closed at the end. Raises CommandRefused."""
    with ExitStack() as closing:
        try:
            places = _addresses(host, port)
            bound = [closing.enter_context(_bound(family, place)) for family, place in places]
        except OSError as error:
            if error.errno not in _KNOWN and not isinstance(error, socket.gaierror):
                raise
            raise CommandRefused(_words(error, host, port)) from None
        yield bound


def _addresses(host: str, port: int) -> list[tuple[int, object]]:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, place) for family, _, _, _, place in found))


def _bound(family: int, place: object) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(place)  # type: ignore[arg-type]  # as the system gave it for this family
        # Another program may hold it without listening yet; asked now, it says so now.
        made.listen(2048)
    except BaseException:
        made.close()
        raise
    return made


_KNOWN = (errno.EADDRINUSE, errno.EACCES, errno.EPERM, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def _words(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken by another program. Stop it, or give --port"
        case errno.EACCES | errno.EPERM:
            return (
                f"This account may not listen at port {port}. "
                "Give --port with a number above 1023, and let a proxy listen at the other"
            )
        case _:
            return f"{host} is not an address of this machine. Leave out --host, or give one that is"
