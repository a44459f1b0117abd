"""What a browser sent, trusted no further than is proved: its cookies, and the fields of a form, in one file since a
form is believed by the cookie it comes with.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from integrations.ground.untrusted_input import UnreadBody, bounded_body, media_type
from integrations.web.ports import SignedIn, Web
from integrations.web.reader_language import code_asked, speak_as_asked
from integrations.web.text_fields import gather_rows
from trim_bot.app.seam.gestures import Actor, Value
from trim_bot.app.seam.page_again import Pairs
from trim_bot.domain.errors import FixedText
from trim_bot.domain.people import Role

MOST_SECRET = 128
"""Characters of a cookie that holds a secret of ours, or the country that was chosen: no such one is longer."""
MOST_SIGNED = 4096
"""Characters of one that is kept while somebody is away at a login: browsers keep none that is longer."""
_VISITOR_BYTES = 24
_VISITOR = re.compile(r"[A-Za-z0-9_-]{32}")
"""What so many random bytes read like."""


def cookie(request: Request, name: str, most: int = MOST_SECRET) -> str:
    """What a cookie holds; empty where it is not there, or is longer than any that was set here."""
    held = request.cookies.get(name, "")
    return held if len(held) <= most else ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One request's visitor. On a page that must not know them, `named` is False even with a session."""

    who: SignedIn | None
    session: str = field(repr=False)
    visitor: str = field(repr=False)
    fresh: bool
    """Whether the visitor's random cookie was made just now and has to be set."""
    named: bool = True
    asked: str = ""
    """The language that the browser asks for, of those there are."""

    @property
    def actor(self) -> Actor | None:
        """Who acts, or None when signed out or not to be known here."""
        if self.who is None or not self.named:
            return None
        return replace(self.who.actor, language=self.who.actor.language or self.asked)

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


def unsent_cookie(https: bool) -> str:
    """The name of what opens a form that could not be sent, for whoever typed it."""
    return "__Host-peer-unsent" if https else "peer-unsent"


def consent_cookie(https: bool) -> str:
    """The name of what is kept while an administrator is away at the login."""
    return "__Host-peer-consent" if https else "peer-consent"


def unknown(web: Web, request: Request) -> Visitor:
    """The visit as far as cookies tell, asking nobody."""
    speak_as_asked(request)
    held = cookie(request, visitor_cookie(web.https))
    kept = held if _VISITOR.fullmatch(held) else ""
    asked = code_asked(request)
    made = kept or secrets.token_urlsafe(_VISITOR_BYTES)
    return Visitor(None, "", made, not kept, named=False, asked=asked)


async def arrive(web: Web, request: Request, *, named: bool = True) -> Visitor:
    """The visit with its session looked up; not looked up on unnamed pages, practice apart."""
    visit = unknown(web, request)
    session = cookie(request, session_cookie(web.https))
    if not session or not (named or web.practice):
        await _toured(web, request, frozenset())
        return visit
    who = await web.desk.signed_in(session)
    await _toured(web, request, who.roles if who else frozenset())
    if who is not None:
        speak_as_asked(request, who.actor.language)
    return Visitor(who, session if who else "", visit.visitor, visit.fresh, named, visit.asked)


async def _toured(web: Web, request: Request, roles: frozenset[Role]) -> None:
    """In practice, see how far the tour has come before the page is drawn."""
    if web.practice is not None:
        await web.practice.look(request.url.path, roles, sends=request.method == "POST")


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


LIMIT = 256 * 1024
"""Largest body, in bytes."""
MOST_FIELDS = 2000
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"
MOST_READ = 4 * LIMIT
"""What is still read of a form that is too long to be carried out, so that it can be given back."""
RESERVED = frozenset({"csrf", "t", "by", "press", "shape", "find", "drop"})
"""Names of our own beside the form's fields."""


class BadPost(FixedText):
    """A body we will not read. `status` is the HTTP answer: 400, 413 or 415."""

    text = "the body could not be read"

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


@dataclass(frozen=True, slots=True)
class Look:
    """What stood in the boxes by which one field finds people; `several` says that it takes more than one."""

    several: bool
    typed: tuple[str, ...] = field(default=(), repr=False)
    ticked: tuple[str, ...] = field(default=(), repr=False)
    """Addresses chosen among those found, which are picked with this."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as sent: our own fields, and the values for the desk."""

    csrf: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    press: tuple[str, str] | None = field(default=None, repr=False)
    """Action and token of the button used, if it was not the form's own."""
    values: Mapping[str, Value] = field(default_factory=dict, repr=False)
    looks: Mapping[str, Look] = field(default_factory=dict, repr=False)
    """Every field that takes people, by name."""
    find: str | None = field(default=None, repr=False)
    """The field whose *Find* was pressed; empty where the Enter key was, None where neither."""
    drop: tuple[str, str] | None = field(default=None, repr=False)
    """A field, and the address that was taken out of it."""
    pairs: Pairs = field(default=(), repr=False)
    """All of it as it came, but for the proof."""
    by: str = field(default="", repr=False)
    """For whom the page was drawn, sealed; empty on a page that knows nobody."""
    too_long: bool = False
    """Whether it is more than is carried out."""


async def body_of(request: Request, most: int = LIMIT) -> bytes:
    """The whole body; BadPost(413) as soon as it grows past so many bytes."""
    try:
        return await bounded_body(request, most)
    except UnreadBody as unread:
        raise BadPost(413 if unread.too_long else 400) from None


async def read(request: Request, most: int = LIMIT) -> SentForm:
    """The form in the body. Raises BadPost when it is too large, malformed or of another type."""
    if media_type(request.headers.get("content-type", "")) != FORM_TYPE:
        raise BadPost(415)
    body = await body_of(request, most)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as reason:
        raise BadPost(400) from reason
    return replace(read_pairs(pairs), too_long=len(body) > LIMIT)


def read_pairs(given: Iterable[tuple[str, str]]) -> SentForm:
    """Sort pairs into our own fields and typed values.

    A `shape` pair such as `people who` names a field that may come once, often or not at all; without one,
    a name that comes once is text, and one that comes often is several choices.
    """
    pairs = tuple(given)
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value.replace("\r\n", "\n"))
    shapes = dict(_shape(text) for text in lists.get("shape", []))
    looks = {
        name: Look(kind == "people", _filled_in(lists, f"find {name}"), _filled_in(lists, f"tick {name}"))
        for name, kind in shapes.items()
        if kind in ("people", "person")
    }
    for name, look in looks.items():
        lists[name] = [*lists.get(name, []), *look.ticked]
    gather_rows(lists)
    names = [name for name in lists if name not in RESERVED]
    names += [name for name in shapes if name not in lists and name not in RESERVED]
    pressed = lists.get("press", [""])[-1]
    action, _, token = pressed.partition(" ")
    dropped, _, address = lists.get("drop", [""])[-1].partition(" ")
    return SentForm(
        csrf=lists.get("csrf", [""])[0],
        token=lists.get("t", [""])[0],
        press=(action, token) if action else None,
        values={name: _typed(shapes.get(name, ""), lists.get(name, [])) for name in names},
        looks=looks,
        find=lists["find"][-1] if "find" in lists else None,
        drop=(dropped, address) if dropped else None,
        pairs=tuple((name, value) for name, value in pairs if name not in ("csrf", "by")),
        by=lists.get("by", [""])[0],
    )


def _filled_in(lists: dict[str, list[str]], name: str) -> tuple[str, ...]:
    """What stood in boxes of ours, which are no field of the desk."""
    return tuple(dict.fromkeys(text.strip() for text in lists.pop(name, []) if text.strip()))


def _shape(text: str) -> tuple[str, str]:
    kind, _, name = text.partition(" ")
    return name, kind


def _typed(kind: str, sent: list[str]) -> Value:
    match kind:
        case "toggle":
            return "yes" in sent
        case "choices":
            return tuple(dict.fromkeys(value for value in sent if value))
        case "people":
            return tuple(dict.fromkeys(address_in(value) for value in sent if value.strip()))
        case "person":
            # A list to choose from, then a field to type in: what was typed wins.
            return next((address_in(value) for value in reversed(sent) if value.strip()), "")
        case _ if len(sent) == 1:
            return sent[0]
        case _:
            return tuple(sent)


def address_in(typed: str) -> str:
    """A work address as typed, in the form the desk reads; anything else is left for the desk to judge."""
    text = typed.strip()
    known = text.partition(":")[0] in ("web", "slack", "teams")
    return f"web:{text.lower()}" if "@" in text and not known else text
