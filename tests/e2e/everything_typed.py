"""Puts the planted word into every field the story has, and into every way a request can be wrong."""

from __future__ import annotations

from tests.adapters.slack_app import person as wire
from tests.adapters.slack_app.person import FORM
from tests.adapters.teams_app import person as teams
from tests.e2e.browser_side import Browser
from tests.e2e.canary import MARK, PHONE
from tests.e2e.deployment import Deployment
from tests.e2e.screens import Person, Screen, send
from tests.e2e.slack_side import SlackPerson, signed
from tests.e2e.story import Cast, begun, event, written
from tests.e2e.teams_side import TeamsPerson


def mark(field: str) -> str:
    """What is typed into a field."""
    return f"{MARK} {field}"


async def profile(person: Person) -> None:
    """A profile that has to be mended, and is."""
    form = await person.say("peer", "profile")
    looked = await send(form, **{"find.zone": mark("zone")})
    assert looked.standing("find.zone") == mark("zone")
    wrong = await send(
        looked, phone=PHONE, best_time=mark("best_time"), hours=mark("hours"), **{"find.zone": ""}
    )
    assert wrong.errors and wrong.standing("best_time") == mark("best_time")
    mended = await send(wrong, hours="09:00-17:00", days=["0", "1", "2", "3", "4"])
    assert mended.title == "Your profile is saved"
    assert PHONE in (await person.say("peer", "profile")).text


async def unlisted(cast: Cast) -> None:
    """Somebody without an account, named with a phone number, is told in person."""
    filled = event(unlisted=f"{mark('unlisted')}, {PHONE}", account=mark("account"))
    await send(await cast.priya.say("peer", "log"), **filled)
    await cast.at.drain()
    contact = await cast.priya.open_newest()
    assert mark("unlisted") in contact.text and PHONE in contact.text
    await send(contact, answer="no")


async def asked(cast: Cast) -> Screen:
    """The nurse asks with her name; the practitioner replies and begins a talk about stress."""
    form = await cast.nurse.say("support")
    await send(form, name="named", text=mark("text"), contact=mark("contact"))
    await cast.at.drain()
    request = await cast.priya.open_newest()
    assert MARK not in request.text
    taken = await request.press("take_request")
    assert mark("text") in taken.text and mark("contact") in taken.text
    kept = await send(taken, reply=mark("reply"), then="stress")
    assert mark("reply") in (await cast.nurse.say(*ME[type(cast.nurse)])).text
    return kept


ME = {SlackPerson: ("support", "me"), TeamsPerson: ("support", "me"), Browser: ("me",)}


async def safety_called(cast: Cast, case: Screen) -> None:
    """A talk in which what stands in the fields is kept while a safety call goes out."""
    step = await begun(cast, case)
    step.fill(**written(step, mark))
    page = await step.press("safety_ask")
    assert "Nobody is called yet" in page.text
    page = await page.press("safety_call")
    assert "Stay with them, get help" in page.text
    await cast.at.drain()


async def signed_out(at: Deployment) -> None:
    """Somebody unknown asks, and types a code that is none."""
    stranger = await at.stranger()
    done = await send(await stranger.get("/o/acme/ask"), text=mark("ask_text"), contact=mark("ask_contact"))
    assert "reply code" in done.text
    wrong = await send(await stranger.get("/o/acme/reply"), code=mark("code"))
    assert wrong.standing("code") == mark("code")
    too_long = await send(await stranger.get("/o/acme/ask"), text=MARK * 200)
    assert list(too_long.errors) == ["text"] and too_long.standing("text") == MARK * 200


async def badly_sent(at: Deployment) -> None:
    """The planted word in requests that are refused, at the chat's door and the browser's."""
    if at.tenant is None:
        await badly_sent_to_slack(at)
    else:
        await badly_sent_to_teams(at)
    client = await at.client()
    for path in (f"/{MARK}", f"/f/{MARK}", f"/f/log?t={MARK}", f"/sign-in?k={MARK}", f"/o/{MARK}/ask"):
        await client.get(path, headers={"cookie": f"peer-session={MARK}.{MARK}", "user-agent": MARK})
        await client.post(path, content=f"csrf={MARK}&t={MARK}&text={MARK}", headers={"content-type": FORM})


async def badly_sent_to_teams(at: Deployment) -> None:
    """The planted word in activities that are refused."""
    side = await at.teams_side()
    person = await at.teams("priya")
    fields = {"k": {"text": "text"}, "text": mark("teams"), "t": MARK}
    activities = [
        person.activity(teams.command, MARK),
        person.activity(teams.command, "peer", tenant=MARK.lower()),
        person.activity(teams.opened, {"action": MARK, "t": MARK}),
        person.activity(teams.sent, fields | {"form": MARK}),
        person.activity(teams.sent, fields | {"form": "log", "text": [MARK]}),
        person.activity(teams.sent, fields | {"action": MARK}),
        person.activity(teams.pressed, {"action": "stop", "t": MARK}),
        teams.invoke(MARK, {MARK: MARK}, side.place.service_url),
        teams.activity(MARK, side.place.service_url, text=MARK),
    ]
    for text in (mark("typed"), f"peer {MARK}"):
        await person.typed(text)
    for activity in activities:
        await side.post(activity)
        for token in (MARK, f"{MARK}.{MARK}.{MARK}", side.place.token(kid=MARK), side.place.token(aud=MARK)):
            answer = await side.post(activity, authorization=f"Bearer {token}")
            assert answer.status_code == 401


async def badly_sent_to_slack(at: Deployment) -> None:
    """The planted word in requests that are refused."""
    side = await at.side()
    command = wire.command("/peer", mark("command"), user="UPRIYA")
    view = {"type": "modal", "id": MARK, "callback_id": MARK, "private_metadata": MARK, "blocks": []}
    bodies = [
        command,
        wire.command("/peer", mark("other_team"), team="T2"),
        wire.interaction(wire.submission(view | {"state": MARK}, user="UPRIYA")),
        wire.interaction(wire.submission(view, user="UPRIYA")),
        wire.interaction(wire.press(MARK, MARK, user="UPRIYA", trigger=f"{MARK}.1")),
        wire.interaction({"type": MARK}),
        f"payload={MARK}".encode(),
        MARK.encode() * 60_000,
    ]
    for body in bodies:
        await side.post(body)
    for headers in ({}, signed(command, age=3600), signed(command, secret=MARK), {"x-slack-signature": MARK}):
        answer = await side.http.post(
            "/slack/events", content=command, headers={"content-type": FORM} | headers
        )
        assert answer.status_code == 401
