"""What can be wrong with the environment, said without its values; which store and platform addresses are allowed."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One thing wrong with one variable; `text` goes on from its name."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name} {self.text}."


class SettingsErrors(Exception):
    """Everything wrong with the environment at once."""

    def __init__(self, faults: tuple[SettingFault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))

    @property
    def names(self) -> frozenset[str]:
        """The variables at fault; exactly `TRIM_BOT_KEYRING` when a missing key is all that is wrong."""
        return frozenset(fault.name for fault in self.faults)


_STORES = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql"}


def store_kind(url: str) -> str:
    """`sqlite` or `postgresql`, or empty for anything else."""
    return _STORES.get(url.partition("://")[0].partition("+")[0], "")


def store_fault(url: str, *, production: bool) -> str:
    """What is wrong with a store's address, or nothing."""
    kind = store_kind(url)
    if not kind or "://" not in url:
        return "must read sqlite:///FILE or postgresql://USER@HOST/DATABASE"
    if kind == "sqlite":
        if not sqlite_file(url) and production:
            return "must name a file; a store in memory would lose everything"
        return ""
    parts = _split(url)
    return "" if parts and parts.path.strip("/") else "must name a database after the host"


def store_place(url: str) -> str:
    """The same text for two addresses of one place, whoever logs in there; empty for a store in memory."""
    if store_kind(url) == "sqlite":
        return str(Path(sqlite_file(url)).resolve()) if sqlite_file(url) else ""
    parts = _split(url)
    return f"{parts.hostname}:{parts.port or 5432}/{parts.path.strip('/')}?{parts.query}" if parts else ""


def address_fault(url: str, *, production: bool) -> str:
    """What is wrong with the address of an API: https, or in demo and test http on this machine."""
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "must be an https address"
    if parts.username is not None or parts.password is not None:
        return "must carry no name or password"
    here = _on_this_machine(parts.hostname)
    if production and here:
        return "may not point to this machine in production"
    if parts.scheme == "http" and production:
        return "must be an https address in production"
    if parts.scheme == "http" and not here:
        return "must be https, or http on this machine"
    return ""


def public_fault(url: str, *, production: bool) -> str:
    """What is wrong with the address people's browsers use."""
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "must be an https address"
    if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        return "must be a plain address: no name, password, question mark or hash"
    if parts.path.strip("/"):
        return "must end after the host: the desk answers at the root of it. Give it a name of its own"
    if not production:
        return ""
    if parts.scheme != "https":
        return "must be https in production"
    if _on_this_machine(parts.hostname):
        return "names this machine; in production it is the name that people's browsers use"
    if _is_number(parts.hostname):
        return "must be a name, such as https://peer.example.org, and no number"
    return "names port 80, which speaks no https; leave it out" if parts.port == 80 else ""


def beyond_this_machine(host: str) -> bool:
    """Whether others can reach a server that listens at `host`: anything but localhost and loopback."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.rstrip(".").lower() != "localhost"


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.rstrip("."))
    except ValueError:
        # An address that is written short, such as 10.1, is one for a browser too.
        return bool(re.fullmatch(r"[0-9.]+|0[xX][0-9a-fA-F.xX]+", host))
    return True


def _on_this_machine(name: str) -> bool:
    host = name.rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        try:  # Short and numeric spellings of an address, such as 127.1.
            address = ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any(one.is_loopback or one.is_unspecified for one in (address, mapped) if one is not None)


def sqlite_file(url: str) -> str:
    """The file of a SQLite address; empty for any other, or when it is kept in memory."""
    if store_kind(url) != "sqlite":
        return ""
    name = url.partition("://")[2].partition("?")[0].removeprefix("/")
    return "" if name in ("", ":memory:") or "mode=memory" in url else name


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (reading it is what checks it)
    except ValueError:
        return None
    return parts


def is_example(host: str) -> bool:
    """Whether a host is of those names that are kept for examples and lead nowhere."""
    return bool(re.search(r"(?:^|\.)example(?:\.(?:com|net|org))?$", host))


def port_of(url: str) -> int | None:
    """The port an address names; None where it names none."""
    return urlsplit(url).port


def host_of(url: str) -> str:
    """The host an address names, in small letters; empty where it names none."""
    return urlsplit(url).hostname or ""
