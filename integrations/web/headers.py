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


TEAMS_HOSTS = (
    "https://teams.microsoft.com",
    "https://*.teams.microsoft.com",
    "https://*.cloud.microsoft",
    "https://*.office.com",
    "https://*.microsoft365.com",
    "https://outlook.office365.com",
)
"""Where Microsoft frames an app's tab."""


def in_frame(response: Response) -> Response:
    """The same answer, which Teams alone may frame."""
    policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(TEAMS_HOSTS)}")
    response.headers["content-security-policy"] = policy
    del response.headers["x-frame-options"]
    return response


def safe(response: Response, https: bool) -> Response:
    """The same answer with the headers on it; a `cache-control` it already has is kept."""
    response.headers.update(HEADERS)
    response.headers.setdefault("cache-control", "no-store")
    if https:
        response.headers["strict-transport-security"] = "max-age=31536000"
    return response
