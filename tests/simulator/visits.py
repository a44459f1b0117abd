"""Somebody comes, looks at what waits for them, and does some of it, as people do."""

from __future__ import annotations

from tests.simulator import facts as stands
from tests.simulator.acting import filled, next_gesture
from tests.simulator.driver import Life
from tests.simulator.findings import Rule
from tests.simulator.list_parts import whole
from tests.simulator.people import Person
from trim_bot.app.seam.gestures import Actor, Gesture, Invoke, Press, Submit
from trim_bot.app.seam.views import Answer, Done, Form, View
from trim_bot.domain.people import Address, Platform, Role

NOBODY = Actor(Address(Platform.WEB, "acme", ""))
STAYS = 6
"""How many gestures a visit has at most."""
TURNS_AWAY = 0.2
"""How often somebody goes before they have done anything."""
LEAVES = 0.8
"""How often somebody goes after they have done something."""
TAKING_BACK = frozenset(
    {"withdraw", "withdraw_request", "stop_request", "offer_no", "stop", "start", "erase"}
)
AGAIN = 0.06
"""How often a gesture comes twice, because its answer was slow."""


def words_of(person: Person, life: Life) -> tuple[str, ...]:
    """What somebody types who was not told of anything in particular."""
    if person.serves:
        usual = (
            ("peer", "due"),
            ("peer", "cases"),
            ("waiting",),
            ("peer", "cover"),
            ("peer", "log"),
            ("me",),
        )
        words = life.chance.choices(usual, (4, 4, 3, 1, 4, 0.3))[0]
        return ("peer", "team") if Role.LEAD in person.roles and life.chance.random() < 0.4 else words
    if Role.COORDINATOR in person.roles:
        return life.chance.choice((("peer", "status"), ("peer", "team"), ("me",)))
    return life.chance.choices((("me",), ("waiting",), ("support",), ("home",)), (3, 2, 0.4, 1))[0]


async def visit(life: Life, person: Person) -> None:
    """One visit."""
    actor = Actor(life.chance.choice(person.addresses))
    view = await _entry(life, person, actor)
    for _ in range(STAYS):
        if view is None or life.chance.random() < TURNS_AWAY:
            return
        addresses = [one.address.text for one in life.town.people if not one.left]
        gesture = next_gesture(view, life.chance, life.time.shown, addresses)
        if gesture is None:
            return
        view = await make(life, person, actor, gesture)
        if isinstance(gesture, Submit) and isinstance(view, Done) and life.chance.random() < LEAVES:
            return


async def log_event(life: Life) -> None:
    """Something happened, and somebody who serves logs it."""
    serving = [one for one in life.town.people if one.serves and not one.left]
    person = life.chance.choice(serving)
    actor = Actor(person.address)
    view = await make(life, person, actor, Invoke(("peer", "log")))
    if isinstance(view, Form) and view.submit:
        addresses = [one.address.text for one in life.town.people if not one.left]
        now = life.time.shown
        values = {one.name: filled(one, life.chance, now, addresses) for one in view.inputs()}
        await make(life, person, actor, Submit(view.name, view.token, values))


async def ask_signed_out(life: Life) -> None:
    """Somebody nobody knows asks for support."""
    view = await make(life, None, NOBODY, Invoke(("ask",)))
    if view is not None:
        gesture = next_gesture(view, life.chance, life.time.shown, [])
        if isinstance(gesture, Submit):
            await make(life, None, NOBODY, gesture)


async def _entry(life: Life, person: Person, actor: Actor) -> View | None:
    chats = life.chats.get(actor.address.platform.value)
    mine = [one for one in chats.accepted[-400:] if one.address == actor.address] if chats is not None else []
    if mine and life.chance.random() < 0.6:
        return await make(life, person, actor, Press("open", mine[-1].message.open_token))
    return await make(life, person, actor, Invoke(words_of(person, life)))


def _what(gesture: Gesture) -> str:
    match gesture:
        case Invoke(words):
            return " ".join(words)
        case Press(action):
            return action
        case Submit(form):
            return form


async def make(life: Life, person: Person | None, actor: Actor, gesture: Gesture) -> View | None:
    """One gesture, tried again after a kill, and now and then sent twice."""
    name = person.name if person is not None else "nobody"
    what = _what(gesture)
    life.note(f"{name}: {what}")
    watched = not isinstance(gesture, Invoke) and what in TAKING_BACK
    before = life.facts() if watched else None
    view = await life.alive(lambda: life.desk.desk.receive(actor, gesture))
    if view is None:
        if life.chance.random() < 0.3:
            return None
        view = await life.alive(lambda: life.desk.desk.receive(actor, gesture))
        if view is None:
            return None
    life.tally.gestures += 1
    if life.killer.away:
        return None
    if isinstance(view, Done) and view.answer is Answer.TRY_AGAIN and not life.shaken:
        life.fail(Rule.CLOSED, f"{what} is answered with “try again”: {life.desk.left_for_later[-1:]}")
    life.acknowledged()
    refs = {} if isinstance(gesture, Invoke) else life.refs(gesture.token)
    life.watch.acted(person, what if isinstance(what, str) else what[-1], refs)
    if person is not None:
        of_message = what == "open" and "step" not in refs
        read = await whole(life, actor, view)
        if read is not None:
            found = life.watch.read(person, read, life.facts(), life.time.shown, of_message=of_message)
            life.tell(list(found))
    if what == "send_monthly":
        life.judge.noted_at = life.time.true
    if before is not None and person is not None:
        _note_taken_back(life, person, before, str(what))
    if isinstance(gesture, Submit) and life.chance.random() < AGAIN:
        await _twice(life, actor, gesture)
    return view


def _note_taken_back(life: Life, person: Person, before: stands.Facts, what: str) -> None:
    """What a gesture of taking back did, told by what stands before and after."""
    after, kept = life.facts(), life.model.kept
    ended = {"cases": ("closed",), "requests": ("withdrawn",), "offers": ("declined",)}
    for table, states in ended.items():
        was, now = getattr(before, table), getattr(after, table)
        for id, row in now.items():
            if id in was and was[id].state != row.state and row.state in states:
                kept.taken_back[table, id, "state"] = row.state
    if what in ("stop", "start") and person.member_id in after.members:
        kept.taken_back["members", person.member_id, "messages_stopped"] = after.members[
            person.member_id
        ].messages_stopped
    if what == "erase" and life.erasing(person):
        kept.wished[person.member_id] = life.time.true
        life.goes(person)


async def _twice(life: Life, actor: Actor, gesture: Submit) -> None:
    """The same form arrives again: it has no second effect."""
    before = life.facts()
    await life.alive(lambda: life.desk.desk.receive(actor, gesture))
    after = life.facts()
    for table in ("cases", "offers", "requests"):
        if len(getattr(after, table)) != len(getattr(before, table)):
            life.fail(Rule.DOUBLED, f"{gesture.form} sent twice made two {table}")
    life.tally.counted["gestures sent twice"] += 1
