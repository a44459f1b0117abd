"""One set of tokens and activities through our door and through that of Microsoft's own library."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from tests.adapters.teams_app import person as wire
from tests.adapters.teams_app.fake_teams import KEY_ID, public_jwk
from tests.e2e.deployment import Deployment, Stores, deploy
from tests.e2e.settling import Hire
from tests.e2e.teams_side import object_id
from tests.e2e.tenancy import APP_ID, TENANT, Tenancy, open_for_business
from tests.e2e.workplace import Workplace
from tests.peers.conftest import Tell
from tests.peers.parts import PYTHON
from trim_bot.domain.people import Role

pytestmark = pytest.mark.anyio

PERSON = object_id("priya")
REFEREE = Path(__file__).parent / "referee.py"
ANSWER_SECONDS = 60
FOREIGN = "https://smba.example/emea/"
HMAC_KEY = "a shared secret that is quite long enough to sign with"


@dataclass
class Court:
    """Both doors, and the hand that makes tokens for them."""

    place: Tenancy
    ours: httpx.AsyncClient
    theirs: asyncio.subprocess.Process

    async def ask_ours(self, headers: Mapping[str, str], activity: Mapping[str, Any]) -> int:
        """The status our door gives."""
        content = json.dumps(activity).encode()
        whole = {"content-type": "application/json", **headers}
        return (await self.ours.post("/api/messages", content=content, headers=whole)).status_code

    async def ask_theirs(self, headers: Mapping[str, str], activity: Mapping[str, Any]) -> tuple[int, str]:
        """The status of the library's door, and which of its handlers ran."""
        assert self.theirs.stdin is not None and self.theirs.stdout is not None
        line = json.dumps({"headers": dict(headers), "body": dict(activity)})
        self.theirs.stdin.write(line.encode() + b"\n")
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = json.loads(await self.theirs.stdout.readline())
        return answer["status"], ", ".join(answer["seen"])

    def bearer(self, **claims: Any) -> dict[str, str]:
        """A header with a token."""
        now = int(time.time())
        return {"authorization": f"Bearer {self.place.token(**{'nbf': now - 5, 'exp': now + 600} | claims)}"}


@pytest.fixture(scope="module")
async def court(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Court]:
    """A whole desk that serves Teams, and the library in its own environment, with the same login keys."""
    folder = tmp_path_factory.mktemp("referee")
    async with AsyncExitStack() as after:
        patch = after.enter_context(pytest.MonkeyPatch.context())
        place = await after.enter_async_context(open_for_business())
        place.hire(PERSON, "Priya")
        place.keys.append(public_jwk("for-another-channel", endorsements=["webchat"]))
        hires = [Hire(f"teams:{TENANT}:{PERSON}", "Priya", (Role.PRACTITIONER,))]
        desk: Deployment = await deploy(patch, Workplace(), Stores.files(folder), folder, hires, tenant=place)
        after.push_async_callback(desk.stop)
        theirs = await asyncio.create_subprocess_exec(
            str(PYTHON), str(REFEREE), APP_ID, place.openid_url,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=sys.stderr, cwd=folder,
        )  # fmt: skip
        try:
            yield Court(place, await desk.client(), theirs)
        finally:
            theirs.terminate()
            await theirs.wait()


def good(court: Court) -> dict[str, Any]:
    """An activity with nothing wrong in it."""
    return wire.typed("", court.place.service_url, person=PERSON)


STRICTER = {
    "no end": "a token without an end could be used for ever",
    "two minutes past its end": "five minutes of leeway let a stolen token live on; clocks differ by seconds",
    "no serviceUrl in the activity": "the library then compares nothing; an answer would go nowhere known",
    "a host that is not listed": "the token alone would decide where our own token is sent",
    "made for api://app": "the Bot Connector names the app's id alone; one audience is enough",
    "another channel": "the desk speaks to Teams alone",
    "a key endorsed for another channel": "the key document says which channels a key may speak for",
    "another tenant": "the library leaves it to each app; the desk knows its tenants",
}
"""Where our door is stricter, and why."""


def tokens(court: Court) -> dict[str, tuple[dict[str, str], dict[str, Any]]]:
    """What is tried: a header, and the activity it comes with."""
    now, here = int(time.time()), good(court)
    forged = jwt.encode({"iss": "x", "aud": APP_ID}, HMAC_KEY, "HS256", {"kid": KEY_ID})
    unsigned = jwt.encode({"iss": "x", "aud": APP_ID}, "", "none", {"kid": KEY_ID})
    elsewhere = here | {"serviceUrl": FOREIGN}
    stranger = here | {"channelData": {"tenant": {"id": object_id("other")}}}
    stranger["conversation"] = here["conversation"] | {"tenantId": object_id("other")}
    return {
        "good": (court.bearer(), here),
        "thirty seconds past its end": (court.bearer(exp=now - 30), here),
        "no token": ({}, here),
        "not a Bearer": ({"authorization": f"Basic {court.place.token()}"}, here),
        "not a token at all": ({"authorization": "Bearer x.y.z"}, here),
        "not signed": ({"authorization": f"Bearer {unsigned}"}, here),
        "signed with a shared secret": ({"authorization": f"Bearer {forged}"}, here),
        "signed with another key": (court.bearer(key="stranger", kid=KEY_ID), here),
        "an unknown key id": (court.bearer(key="stranger"), here),
        "another issuer": (court.bearer(iss="https://login.example"), here),
        "another audience": (court.bearer(aud=object_id("other")), here),
        "no audience": (court.bearer(aud=None), here),
        "no end": (court.bearer(exp=None), here),
        "ten minutes past its end": (court.bearer(exp=now - 600), here),
        "ten minutes too early": (court.bearer(nbf=now + 600), here),
        "another serviceUrl than the token's": (court.bearer(), elsewhere),
        "two minutes past its end": (court.bearer(exp=now - 120), here),
        "no serviceUrl in the activity": (
            court.bearer(),
            {k: v for k, v in here.items() if k != "serviceUrl"},
        ),
        "a host that is not listed": (court.bearer(serviceurl=FOREIGN), elsewhere),
        "made for api://app": (court.bearer(aud=f"api://{APP_ID}"), here),
        "another channel": (court.bearer(), here | {"channelId": "webchat"}),
        "a key endorsed for another channel": (court.bearer(key="for-another-channel"), here),
        "another tenant": (court.bearer(), stranger),
    }


async def test_tokens(court: Court, tell: Tell) -> None:
    """good and bad tokens get the same verdict, or a written reason why ours is the stricter"""
    rows, wrong = [], []
    tried = tokens(court)
    for name, (headers, activity) in tried.items():
        ours = await court.ask_ours(headers, activity)
        theirs, _ = await court.ask_theirs(headers, activity)
        taken = (ours < 400, theirs < 400)
        reason = STRICTER.get(name, "")
        if taken not in {(True, True), (False, False), (False, True)} or (taken == (False, True)) != bool(
            reason
        ):
            wrong.append((name, ours, theirs))
        rows.append(f"{name:<38}{ours:>6}{theirs:>8}  {reason}")
    head = f"{'token':<38}{'ours':>6}{'theirs':>8}  why ours is stricter"
    tell("\n".join([head, *rows]))
    assert wrong == []
    assert sum(ours for ours in (name not in ("good", "thirty seconds past its end") for name in tried)) >= 9


def activities(court: Court) -> dict[str, tuple[dict[str, Any], int, str]]:
    """What is sent, the status both should give, and what the library makes of it."""
    url = court.place.service_url

    def by(make: Any, *what: Any, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = make(*what, url, person=PERSON, **more)
        return made

    words = {"words": "peer", "msteams": {"type": "task/fetch"}}
    stop = {"action": "stop", "t": "x"}
    return {
        "message": (by(wire.typed, "hello"), 200, "message"),
        "installationUpdate add": (wire.installed(url, person=PERSON), 200, "installed"),
        "installationUpdate remove": (wire.installed(url, "remove", person=PERSON), 200, "removed"),
        "conversationUpdate": (wire.joined(url, person=PERSON), 200, "conversation"),
        "composeExtension/fetchTask": (by(wire.command, "peer"), 200, "dialog opened"),
        "composeExtension/submitAction": (by(wire.sent, words, by_command=True), 200, "dialog sent"),
        "task/fetch": (by(wire.opened, words), 200, "dialog opened"),
        "task/submit": (by(wire.sent, words), 200, "dialog sent"),
        "adaptiveCard/action": (by(wire.pressed, stop), 200, "card pressed"),
        "an unknown invoke": (by(wire.invoke, "some/thing", {}), 501, ""),
        "an unknown type": (wire.activity("something", url, person=PERSON), 200, ""),
    }


DIFFERENT = {
    "an unknown invoke": "501 says that nobody here knows it; the library breaks",
    "an unknown type": "Teams may add kinds at any time, and nothing has to be done; the library breaks",
}
"""Where our answer differs, and why."""


async def test_activities(court: Court, tell: Tell) -> None:
    """each kind of activity is understood alike, save for a written reason"""
    rows, wrong = [], []
    for name, (activity, expected, seen) in activities(court).items():
        ours = await court.ask_ours(court.bearer(), activity)
        theirs, ran = await court.ask_theirs(court.bearer(), activity)
        reason = DIFFERENT.get(name, "")
        if ours != expected or ran != seen or (ours != theirs) != bool(reason):
            wrong.append((name, ours, theirs, ran))
        rows.append(f"{name:<38}{ours:>6}{theirs:>8}  {ran:<15} {reason}")
    head = f"{'activity':<38}{'ours':>6}{'theirs':>8}  {'theirs saw':<15} why ours differs"
    tell("\n".join([head, *rows]))
    assert wrong == []
