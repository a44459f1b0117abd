"""Lets each drawn trouble happen to a running town."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import assert_never

from tests.simulator import keys, machine
from tests.simulator.driver import Life
from tests.simulator.findings import Rule
from tests.simulator.leave import takes_leave
from tests.simulator.people import Person
from tests.simulator.place import settings_of
from tests.simulator.platforms import Outage
from tests.simulator.restoring import backup, restore
from tests.simulator.troubles import KILLS, Kind, Trouble
from tests.simulator.visits import ask_signed_out, make
from trim_bot.app.clock.clockwork import LEASE_SECONDS
from trim_bot.app.oversight.role_grants import take_role
from trim_bot.app.seam.gestures import Actor, Invoke, Press, Submit, Value
from trim_bot.app.seam.views import Button, Form, View
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.domain.errors import SafeError
from trim_bot.domain.people import Role

COUNTED_ELSEWHERE = (*KILLS, Kind.RESTORE, Kind.BACKUP)
AHEAD_BY = timedelta(hours=25)
PLATFORM_OF = {"T1": "slack", "tenant-1": "teams"}


async def happen(life: Life, one: Trouble) -> None:
    """Let it happen, and count it."""
    life.note(f"{one.kind.value} {one.shape.value if one.shape else ''} {one.lasts or ''}")
    if one.kind not in COUNTED_ELSEWHERE:
        life.tally.counted[one.kind.value] += 1
    killer, time = life.killer, life.time
    life.acted()
    match one.kind:
        case Kind.OUTAGE:
            assert one.shape is not None
            life.tally.counted[f"outage {one.shape.value}"] += 1
            chats = life.chats[PLATFORM_OF[one.workspace]]
            chats.outages.append(Outage(one.workspace, one.shape, time.true, time.true + one.lasts))
            life.trouble(one.lasts, halted=False)
        case Kind.SLOW:
            for chats in life.chats.values():
                chats.slow_until = time.true + one.lasts
        case Kind.KILL_STATEMENT:
            killer.at_statement, killer.cut = one.number * 3, None
        case Kind.KILL_COMMIT | Kind.KILL_COMMITTED:
            killer.at_commit, killer.after_commit = one.number // 4, one.kind is Kind.KILL_COMMITTED
        case Kind.KILL_YES:
            for chats in life.chats.values():
                chats.die_after_yes = one.number // 20
        case Kind.STORE_AWAY:
            life.store_away(one.lasts)
        case Kind.STORE_AWAY_AFTER_YES:
            for chats in life.chats.values():
                chats.after_yes = lambda: life.store_away(one.lasts)
        case Kind.CUT:
            killer.at_statement, killer.cut = one.number, partial(_taken_away, life, life.place.cut)
        case Kind.RESTART:
            killer.at_statement, killer.cut = one.number, partial(_taken_away, life, life.place.restart)
        case Kind.JUMP:
            time.wrong_by = one.by
            life.model.wrong.append(
                (time.true - timedelta(minutes=5), time.true + one.lasts + timedelta(days=1))
            )
            life.trouble(one.lasts)
            life.wrong_until = time.true + one.lasts
        case Kind.BACKUP:
            await backup(life)
        case Kind.RESTORE:
            await restore(life)
        case Kind.PAUSED_WORKER:
            await _paused(life)
        case Kind.WRONG_ADDRESS:
            await _wrong_address(life)
        case Kind.AHEAD:
            await _ahead(life, one.by)
        case Kind.ASKS:
            await _asks(life)
        case Kind.CALLS:
            await _calls(life, one.number)
        case Kind.WISHES:
            await _wishes(life, one.number)
        case Kind.STANDS_STILL:
            await _stands_still(life, one.lasts)
        case Kind.LEAVES:
            _leaves(life, one.number)
        case Kind.LEAVE:
            await takes_leave(life, one.number)
        case Kind.ROLE_ENDED:
            await _role_ended(life, one.number)
        case _:
            assert_never(one.kind)


def _taken_away(life: Life, how: Callable[[], None]) -> None:
    """The connections end at the statement that was waited for, which may be hours after that was decided."""
    life.shake()
    how()


async def _paused(life: Life) -> None:
    """A second worker is suspended in the middle of a delivery until its lease is long over."""
    second = await machine.start(life.place, life.chats)
    chats = life.chance.choice(list(life.chats.values()))
    chats.hold_next = LEASE_SECONDS * 4.0
    working = asyncio.ensure_future(second.clockwork.deliver())
    await asyncio.sleep(0)
    for _ in range(20):
        if chats.hold_next == 0.0 or working.done():
            break
        await asyncio.sleep(0)
    chats.hold_next = 0.0
    await asyncio.sleep(LEASE_SECONDS * 1.5)
    await life.beat()
    if not working.cancelled():
        # Whoever ends one process in the meantime ends this one with it.
        await life.alive(lambda: working)
    second.close()
    life.hear(life.time.true, by_clock=False)


async def _wrong_address(life: Life) -> None:
    """Somebody opens an empty database beside the live keys, and its upkeep runs."""
    before = keys.held(life.engine("keys"))
    folder = life.place.folder / "elsewhere"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    from pydantic import SecretStr

    from trim_bot.storage.migrate import migrate

    url = f"sqlite:///{folder / 'empty.sqlite'}"
    keystore = life.place.url("keys")
    changed = {"database_url": SecretStr(url), "keystore_url": SecretStr(keystore)}
    try:
        migrate(url)
        if life.place.kind == "sqlite":
            wrong = await open_deployment(settings_of(life.place, **changed))
            try:
                await wrong.store.found("acme", None)
                for _ in range(3):
                    await wrong.retention.run()
            finally:
                wrong.close()
    except SafeError:
        life.note("refused")
    shutil.rmtree(folder, ignore_errors=True)
    if keys.held(life.engine("keys")) < before:
        life.fail(Rule.KEYS, "an empty database beside the key store cost keys")
    life.check_keys()


async def _ahead(life: Life, by: timedelta) -> None:
    """`retention run` by a process whose clock is ahead, 25 hours if nothing is said, beside the running desk."""
    before, life.time.wrong_by = life.time.wrong_by, by or AHEAD_BY
    try:
        other = await open_deployment(settings_of(life.place))
        await life.alive(other.retention.run)
        other.close()
    except SafeError:
        life.note("refused")
    finally:
        # Also where that process is ended as it opens: its clock goes with it.
        life.time.wrong_by = before
    life.check_keys()


async def _stands_still(life: Life, lasts: timedelta) -> None:
    """The machine is switched off for days."""
    life.desk.close()
    life.trouble(lasts)
    life.time.true += lasts
    await life.boot()


async def _asks(life: Life) -> None:
    """Somebody unknown asks for support, and then two more do; each request has a key of its own."""
    for _ in range(3):
        await ask_signed_out(life)
    if not life.killer.away:
        life.check_keys()


async def _calls(life: Life, number: int) -> None:
    """Somebody who holds a case opens it and calls for safety."""
    cases = sorted(life.facts().cases.values(), key=lambda one: str(one.id))
    held = [one for one in cases if one.state == "open" and one.holder in life.model.people]
    if not held:
        life.note("nobody holds anything")
        return
    case = held[number % len(held)]
    person = life.model.people[case.holder]
    actor = Actor(person.address)
    view = await make(life, person, actor, Invoke(("peer", "cases")))
    for action in ("case", "safety", "safety_call"):
        view = await _press(life, person, view, action)


async def _wishes(life: Life, number: int) -> None:
    """Somebody asks to be erased."""
    here = [one for one in life.town.people if not one.left and not one.roles]
    person = here[number % len(here)]
    view = await make(life, person, Actor(person.address), Invoke(("me",)))
    form = await _press(life, person, view, "erase")
    if isinstance(form, Form):
        values: dict[str, Value] = {one.name: True for one in form.inputs()}
        await make(life, person, Actor(person.address), Submit(form.name, form.token, values))


async def _press(life: Life, person: Person, view: View | None, action: str) -> View | None:
    """What comes of a button of a page; None where it has none."""
    buttons = (one for one in getattr(view, "blocks", ()) if isinstance(one, Button))
    pressed = next((one for one in buttons if one.action == action), None)
    if pressed is None:
        return None
    return await make(life, person, Actor(person.address), Press(action, pressed.token))


def _leaves(life: Life, number: int) -> None:
    """The platform says that somebody is not there any more."""
    here = [one for one in life.town.people if not one.left]
    if len(here) > 8:
        person = here[number % len(here)]
        life.platform_lets_go(person)
        life.note(f"{person.name} leaves")


async def _take(life: Life, person: Person, role: Role) -> bool:
    return await take_role(life.desk.deployment, life.town.id, person.address, role)


async def _role_ended(life: Life, number: int) -> None:
    """The coordinator or whoever runs the desk ends somebody's roles."""
    serving = [one for one in life.town.people if one.serves and not one.left]
    if len(serving) > 3:
        person = serving[number % len(serving)]
        try:
            for role in sorted(person.roles, key=lambda one: one.value):
                await life.alive(partial(_take, life, person, role))
        except SafeError:
            life.note("refused")
        # A process may end before the commit, and the database may be away: only what stands tells which roles ended.
        held = {one.role for one in life.facts().grants.values() if one.member_id == person.member_id}
        person.roles = frozenset(one for one in person.roles if one.value in held)
        person.changed_at = life.time.true
        life.note(f"{person.name} serves no more" if not person.roles else f"{person.name} keeps a role")
