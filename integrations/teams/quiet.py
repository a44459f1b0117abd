"""Keeps msal, httpx and what they lean on from logging: they write addresses with ids in them, and answers."""

from __future__ import annotations

import logging

import httpcore
import httpx
import msal

FAMILIES = (msal.__name__, httpx.__name__, httpcore.__name__, "urllib3", "requests")
_CHILDREN = ("connection", "http11", "http2", "proxy", "socks")


def silence_libraries() -> None:
    """Close their loggers for good, whatever levels and handlers are set elsewhere.

    What is worth knowing is reported by the adapter itself, with an opaque id.
    """
    names = {f"{httpcore.__name__}.{child}" for child in _CHILDREN} | set(FAMILIES)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in FAMILIES:
            names.add(name)
    for name in names:
        logger = logging.getLogger(name)
        logger.disabled = True
        logger.propagate = False
