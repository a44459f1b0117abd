"""Tells the address of a Transit engine from any other, without the client that speaks to one."""

from __future__ import annotations

_SCHEMES = ("vault+https", "vault+http")


def is_transit(address: str) -> bool:
    """Whether an address names a key in a Transit engine."""
    return address.partition(":")[0] in _SCHEMES


def service_of(address: str) -> str:
    """The address of the service itself, as it is checked with all others."""
    return address.partition("?")[0].removeprefix("vault+")
