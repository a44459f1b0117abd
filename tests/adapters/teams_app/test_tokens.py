"""The check of tokens: each kind of bad one is told apart, and keys are fetched calmly whatever comes in."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest

from integrations.teams.connector import ServiceUrls
from integrations.teams.tokens import (
    KEEP_SECONDS,
    REFRESH_SECONDS,
    UNKNOWN_SECONDS,
    BadToken,
    Fault,
    KeysUnavailable,
    LoginKeys,
    TokenCheck,
)
from tests.adapters.teams_app.fake_teams import APP_ID, KEY_ID, FakeTeams, public_jwk, running, signing_key

pytestmark = pytest.mark.anyio


@dataclass
class Check:
    """The check with the login keys it asks, and a clock moved by hand."""

    fake: FakeTeams
    at: list[float] = field(default_factory=lambda: [1000.0])
    keys: LoginKeys = field(init=False)
    tokens: TokenCheck = field(init=False)

    def __post_init__(self) -> None:
        self.keys = LoginKeys(self.fake.openid_url, lambda: self.at[0])
        self.tokens = TokenCheck(APP_ID, self.keys, ServiceUrls([self.fake.host]))

    async def fault(self, token: str, **activity: Any) -> Fault | None:
        """What is wrong with a token that comes with an activity; a member of None is left out."""
        whole = {"serviceUrl": self.fake.service_url, "channelId": "msteams"} | activity
        try:
            sender = await self.tokens.check(f"Bearer {token}")
            self.tokens.bind(sender, {name: value for name, value in whole.items() if value is not None})
        except BadToken as bad:
            return bad.fault
        return None


@pytest.fixture
async def check() -> AsyncIterator[Check]:
    """A check whose keys can be fetched."""
    async with running() as fake:
        ready = Check(fake)
        yield ready
        await ready.keys.close()


def unsigned(fake: FakeTeams) -> str:
    """A token that says it needs no signature."""
    _, body, _ = fake.token().split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": KEY_ID}).encode()).decode().rstrip("=")
    return f"{head}.{body}."


def signed_with_public_key(fake: FakeTeams) -> str:
    """A token signed as with a shared secret, the secret being what everybody may know."""
    claims = jwt.decode(fake.token(), options={"verify_signature": False})
    return jwt.encode(claims, public_jwk()["n"], "HS256", {"kid": KEY_ID})


def changed(fake: FakeTeams) -> str:
    """A good token, for which somebody wrote other claims."""
    head, _, mac = fake.token().split(".")
    claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "exp": time.time() + 9999}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{body}.{mac}"


BAD: dict[str, tuple[Callable[[FakeTeams], str], Fault]] = {
    "nothing": (lambda fake: "", Fault.ABSENT),
    "too long": (lambda fake: "x" * 9000, Fault.ABSENT),
    "no token": (lambda fake: "nonsense", Fault.UNREADABLE),
    "no algorithm": (unsigned, Fault.ALGORITHM),
    "a shared secret": (signed_with_public_key, Fault.ALGORITHM),
    "no key id": (lambda fake: fake.token(kid=""), Fault.KEY),
    "an unknown key": (lambda fake: fake.token(kid="another"), Fault.KEY),
    "the wrong key": (lambda fake: fake.token(key="another", kid=KEY_ID), Fault.SIGNATURE),
    "other claims": (changed, Fault.SIGNATURE),
    "another issuer": (lambda fake: fake.token(iss="https://example.org"), Fault.ISSUER),
    "an issuer with more behind it": (
        lambda fake: fake.token(iss="https://api.botframework.com/x"),
        Fault.ISSUER,
    ),
    "no issuer": (lambda fake: fake.token(iss=None), Fault.UNREADABLE),
    "another app": (lambda fake: fake.token(aud="another"), Fault.AUDIENCE),
    "several apps": (lambda fake: fake.token(aud=[APP_ID, "another"]), Fault.AUDIENCE),
    "no app": (lambda fake: fake.token(aud=None), Fault.UNREADABLE),
    "expired for two minutes": (lambda fake: fake.token(exp=time.time() - 120), Fault.EXPIRED),
    "without an end": (lambda fake: fake.token(exp=None), Fault.UNREADABLE),
    "an end that is no time": (lambda fake: fake.token(exp="soon"), Fault.UNREADABLE),
    "valid in six minutes": (lambda fake: fake.token(nbf=time.time() + 360), Fault.EARLY),
    "made in six minutes": (lambda fake: fake.token(iat=int(time.time()) + 360), Fault.EARLY),
    "no service address": (lambda fake: fake.token(serviceurl=None), Fault.NO_SERVICE),
    "a service address of another kind": (lambda fake: fake.token(serviceurl=7), Fault.NO_SERVICE),
    "two service addresses": (lambda fake: fake.token(serviceUrl="https://example.org"), Fault.NO_SERVICE),
    "another service address": (
        lambda fake: fake.token(serviceurl="https://example.org/"),
        Fault.OTHER_SERVICE,
    ),
}


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_token_is_told_apart(check: Check, kind: str) -> None:
    make, fault = BAD[kind]
    assert await check.fault(make(check.fake)) is fault


async def test_a_good_token_is_taken(check: Check) -> None:
    assert await check.fault(check.fake.token()) is None
    assert await check.fault(check.fake.token(serviceurl=check.fake.service_url.rstrip("/"))) is None
    assert await check.fault(check.fake.token(exp=time.time() - 30)) is None, "clocks may be a little apart"
    for ahead in (30, 120, 290):
        assert await check.fault(check.fake.token(nbf=time.time() + ahead)) is None, "our clock may be behind"
        assert await check.fault(check.fake.token(iat=int(time.time()) + ahead)) is None
    assert await check.fault(check.fake.token(aud=APP_ID.upper())) is None, "ids of Entra ignore case"
    named = check.fake.token(serviceurl=None, serviceUrl=check.fake.service_url)
    assert await check.fault(named) is None, "the documents spell it like this"


async def test_another_scheme_than_bearer_is_no_token(check: Check) -> None:
    for header in ("", "Bearer", "Basic abc", check.fake.token(), f"Token {check.fake.token()}"):
        with pytest.raises(BadToken) as caught:
            await check.tokens.check(header)
        assert caught.value.fault is Fault.ABSENT


async def test_an_activity_has_to_belong_to_its_token(check: Check) -> None:
    token = check.fake.token()
    assert await check.fault(token, serviceUrl=None) is Fault.NO_SERVICE
    assert await check.fault(token, serviceUrl=["x"]) is Fault.NO_SERVICE
    assert await check.fault(token, serviceUrl=check.fake.url) is Fault.OTHER_SERVICE
    assert await check.fault(token, channelId="webchat") is Fault.CHANNEL
    assert await check.fault(token, channelId=None) is Fault.CHANNEL


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "https://smba.trafficmanager.net.example.org/",
        "https://user@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net\\@example.org/",
        "https://smba.trafficmanager.net/?x",
        "http://smba.trafficmanager.net/",
        "ftp://smba.trafficmanager.net/",
        "//smba.trafficmanager.net/",
        "https://[smba.trafficmanager.net/",
        "https://smba.trafficmanager.net/ x",
        "https://smba.trafficmanager.net/" + "x" * 500,
        "smba.trafficmanager.net",
        "",
    ],
)
async def test_a_foreign_address_is_refused_even_when_the_token_names_it(check: Check, url: str) -> None:
    services = ServiceUrls(["smba.trafficmanager.net"])
    assert not services.allows(url)
    assert services.allows("https://smba.trafficmanager.net/emea/")
    assert services.allows("https://SMBA.trafficmanager.net/emea")
    strict = TokenCheck(APP_ID, check.keys, services)
    sender = await strict.check(f"Bearer {check.fake.token(serviceurl=url)}")
    with pytest.raises(BadToken):
        strict.bind(sender, {"serviceUrl": url, "channelId": "msteams"})


async def test_a_key_that_may_not_sign_for_teams(check: Check) -> None:
    check.fake.keys = [public_jwk(endorsements=["webchat"]), public_jwk("plain", endorsements=None)]
    assert await check.fault(check.fake.token()) is Fault.CHANNEL
    assert await check.fault(check.fake.token(key="plain")) is None, "a document without endorsements"


async def test_keys_are_fetched_once_for_many_at_once(check: Check) -> None:
    check.fake.keys_held = asyncio.Event()
    waiting = [asyncio.create_task(check.fault(check.fake.token())) for _ in range(8)]
    while check.fake.key_fetches == 0:
        await asyncio.sleep(0)
    check.fake.keys_held.set()
    assert await asyncio.gather(*waiting) == [None] * 8
    assert check.fake.key_fetches == 1


async def test_made_up_key_ids_fetch_nothing_more_than_every_few_minutes(check: Check) -> None:
    assert await check.fault(check.fake.token()) is None
    check.at[0] += UNKNOWN_SECONDS
    for number in range(30):
        assert await check.fault(check.fake.token(kid=f"made-up-{number}")) is Fault.KEY
    assert check.fake.key_fetches == 2
    assert await check.fault(check.fake.token()) is None


async def test_a_new_key_is_found_when_it_is_used(check: Check) -> None:
    assert await check.fault(check.fake.token()) is None
    check.fake.keys = [public_jwk("new")]
    check.at[0] += UNKNOWN_SECONDS
    assert await check.fault(check.fake.token(key="new")) is None
    assert await check.fault(check.fake.token()) is Fault.KEY, "and the old one is gone"


async def test_keys_are_fetched_anew_before_they_are_a_day_old(check: Check) -> None:
    assert await check.fault(check.fake.token()) is None
    check.fake.keys_gone = True
    check.at[0] += REFRESH_SECONDS
    assert await check.fault(check.fake.token()) is None, "they still serve while they are fetched"
    await check.keys.warm()
    assert check.fake.key_fetches == 2
    check.at[0] += KEEP_SECONDS - REFRESH_SECONDS
    with pytest.raises(KeysUnavailable):
        await check.fault(check.fake.token())
    check.fake.keys_gone = False
    check.at[0] += UNKNOWN_SECONDS
    assert await check.fault(check.fake.token()) is None


async def test_without_keys_nothing_can_be_told(check: Check) -> None:
    check.fake.keys_gone = True
    for _ in range(5):
        with pytest.raises(KeysUnavailable):
            await check.fault(check.fake.token())
    assert check.fake.key_fetches == 1, "and nobody is hammered"


async def test_while_new_keys_cannot_be_fetched_an_unknown_one_may_be_good(check: Check) -> None:
    assert await check.fault(check.fake.token()) is None
    check.fake.keys_gone = True
    check.at[0] += UNKNOWN_SECONDS
    with pytest.raises(KeysUnavailable):
        await check.fault(check.fake.token(key="new"))
    assert await check.fault(check.fake.token()) is None


@pytest.mark.parametrize(
    "keys",
    [
        [],
        ["x"],
        [{}],
        [public_jwk(kty="EC")],
        [public_jwk(use="enc")],
        [public_jwk(alg="RS512")],
        [public_jwk(n="AQAB")],
        [public_jwk(n="###")],
        [public_jwk(kid=None)],
    ],
)
async def test_a_document_without_a_usable_key_counts_as_none(check: Check, keys: list[Any]) -> None:
    check.fake.keys = keys
    with pytest.raises(KeysUnavailable):
        await check.fault(check.fake.token())


async def test_no_object_shows_a_key_when_it_is_printed(check: Check) -> None:
    sender = await check.tokens.check(f"Bearer {check.fake.token()}")
    assert "PyJWK" not in repr(sender)
    assert signing_key() is signing_key()


async def test_the_same_token_is_looked_into_once_while_it_and_its_key_stand(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    decode, now = jwt.decode, [time.time()]

    def counting(*args: Any, **more: Any) -> Any:
        looked.append(args)
        return decode(*args, **more)

    monkeypatch.setattr(jwt, "decode", counting)
    check.tokens = TokenCheck(APP_ID, check.keys, ServiceUrls([check.fake.host]), lambda: now[0])
    token = check.fake.token()
    for _ in range(3):
        assert await check.fault(token) is None
    assert len(looked) == 1
    assert await check.fault(token, channelId="webchat") is Fault.CHANNEL, (
        "what it came with is checked each time"
    )
    now[0] += 601
    assert await check.fault(token) is None
    assert len(looked) == 2, "it had ended by then"
    now[0] -= 601
    check.fake.keys = [public_jwk("new")]
    check.at[0] += UNKNOWN_SECONDS
    assert await check.fault(check.fake.token(key="new")) is None
    assert await check.fault(token) is Fault.KEY, "its key is published no more"


async def test_a_changed_token_is_another_token(check: Check) -> None:
    token = check.fake.token()
    assert await check.fault(token) is None
    head, body, mac = token.split(".")
    swapped = f"{head}.{body}.{mac[:-6]}{'A' * 6}"
    assert await check.fault(swapped) is Fault.SIGNATURE
    assert await check.fault(f"{head}.{body[:-4]}AAAA.{mac}") in (Fault.SIGNATURE, Fault.UNREADABLE)
