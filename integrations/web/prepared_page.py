"""A page that is the same for everybody: drawn once, sent small, and kept by browsers for a short while.

Nothing else of ours is compressed: beside what somebody typed, the length of an answer would tell a secret in it.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

SHORT_WHILE_SECONDS = 300
"""How long it may be shown without asking again."""
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """One page, whole and small."""

    whole: bytes
    small: bytes
    mark: str
    """Stands for what is in it."""

    @classmethod
    def of(cls, html: str) -> PreparedPage:
        """A page with nothing in it that is anybody's."""
        whole = html.encode()
        return cls(whole, gzip.compress(whole, 9, mtime=0), sha256(whole).hexdigest()[:24])

    def answer(self, request: Request, *, shared: bool = True) -> Response:
        """What a browser takes: small where it says that it can read that, and nothing where it has it already.

        One that is not `shared` is chosen by a cookie, and kept by browsers alone.
        """
        small = takes_gzip(request.headers.get("accept-encoding", ""))
        tag = f'"{self.mark}-small"' if small else f'"{self.mark}"'
        headers = {
            "cache-control": f"{'public' if shared else 'private'}, max-age={SHORT_WHILE_SECONDS}",
            "etag": tag,
            "vary": "Accept-Encoding, Accept-Language, Cookie",
        }
        if _has(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        if small:
            return Response(self.small, headers={**headers, "content-encoding": "gzip"}, media_type=_HTML)
        return Response(self.whole, headers=headers, media_type=_HTML)


def takes_gzip(header: str) -> bool:
    """Whether an `Accept-Encoding` takes gzip; one that names it with a weight of nought does not."""
    for part in header.split(","):
        name, *more = (one.strip().casefold() for one in part.split(";"))
        if name == "gzip":
            return not any(one.startswith("q=") and not one.strip("q=0.") for one in more)
    return False


def _has(header: str, tag: str) -> bool:
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in header.split(","))
