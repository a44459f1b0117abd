"""Answers under our own address only, written exactly: no other host, and no redirect to a host as it was sent."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.types import Scope


def exact(app: Starlette) -> Starlette:
    """The same application, which no longer redirects from a path with a slash too many."""
    app.router.redirect_slashes = False
    return app


def is_sent_to(host: str, scope: Scope) -> bool:
    """Whether a request names this host, with any port. Always for an empty one, never for two `Host` headers."""
    named = [value for key, value in scope.get("headers", ()) if key == b"host"]
    return not host or (len(named) == 1 and _name(named[0]) == host)


def _name(value: bytes) -> str:
    try:
        return urlsplit(f"//{value.decode('ascii')}").hostname or ""
    except ValueError:
        return ""
