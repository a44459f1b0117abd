"""Headers of every answer: nothing is stored, run or framed, and no other site learns where one came from."""

from __future__ import annotations

from starlette.responses import Response

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}


def safe(response: Response, https: bool) -> Response:
    """The same answer with the headers on it; a `cache-control` it already has is kept."""
    response.headers.update(HEADERS)
    response.headers.setdefault("cache-control", "no-store")
    if https:
        response.headers["strict-transport-security"] = "max-age=31536000"
    return response
