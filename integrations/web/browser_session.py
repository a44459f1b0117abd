"""Who is looking at a page: the cookies that say so, and the proof that a form came from a page of ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from integrations.web.ports import SignedIn, Web
from trim_bot.app.seam.gestures import Actor


@dataclass(frozen=True, slots=True)
class Visitor:
    """One request's visitor. On a page that must not know them, `named` is False even with a session."""

    who: SignedIn | None
    session: str = field(repr=False)
    visitor: str = field(repr=False)
    fresh: bool
    """Whether the visitor's random cookie was made just now and has to be set."""
    named: bool = True

    @property
    def actor(self) -> Actor | None:
        """Who acts, or None when signed out or not to be known here."""
        return self.who.actor if self.who and self.named else None

    @property
    def binding(self) -> str:
        """What the proof in this page's forms is bound to."""
        return self.session if self.actor else self.visitor


def session_cookie(https: bool) -> str:
    """The session cookie's name; with https browsers accept it from this host alone."""
    return "__Host-peer-session" if https else "peer-session"


def visitor_cookie(https: bool) -> str:
    """The name of the random cookie of somebody signed out."""
    return "__Host-peer-visitor" if https else "peer-visitor"


def work_cookie(https: bool) -> str:
    """The name of what is kept while somebody is away at the login."""
    return "__Host-peer-work" if https else "peer-work"


def consent_cookie(https: bool) -> str:
    """The name of what is kept while an administrator is away at the login."""
    return "__Host-peer-consent" if https else "peer-consent"


def unknown(web: Web, request: Request) -> Visitor:
    """The visit as far as cookies tell, asking nobody."""
    kept = request.cookies.get(visitor_cookie(web.https), "")
    return Visitor(None, "", kept or secrets.token_urlsafe(24), not kept, named=False)


async def arrive(web: Web, request: Request, *, named: bool = True) -> Visitor:
    """The visit with its session looked up; not looked up on unnamed pages, practice apart."""
    visit = unknown(web, request)
    session = request.cookies.get(session_cookie(web.https), "")
    if not session or not (named or web.practice):
        return visit
    who = await web.desk.signed_in(session)
    return Visitor(who, session if who else "", visit.visitor, visit.fresh, named)


def proof(web: Web, visit: Visitor) -> str:
    """What the forms of a page carry."""
    return form_proof(web.secret, visit.binding)


def proven(web: Web, visit: Visitor, sent: str) -> bool:
    """Whether a form came from a page of this very visit."""
    return proof_holds(web.secret, visit.binding, sent)


def keep(response: Response, name: str, value: str, https: bool) -> None:
    """Set a cookie that ends with the browser, unseen by scripts and by other sites' forms."""
    response.set_cookie(name, value, httponly=True, secure=https, samesite="lax", path="/")


def forget(response: Response, name: str, https: bool) -> None:
    """Remove a cookie."""
    response.delete_cookie(name, httponly=True, secure=https, samesite="lax", path="/")


def form_proof(secret: bytes, binding: str) -> str:
    """The proof for a session secret or a visitor's random cookie; 64 hexadecimal digits."""
    return hmac.new(secret, b"form\x00" + binding.encode(), hashlib.sha256).hexdigest()


def proof_holds(secret: bytes, binding: str, proof: str) -> bool:
    """Whether `proof` was made for `binding`; never for an empty one. Takes the same time either way."""
    expected = form_proof(secret, binding)
    return hmac.compare_digest(expected.encode(), proof.encode()) and binding != ""
