"""Whatever is taken back and given again, in any order around backups, ends after a restore as it stood last."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fakes import FakeClock
from tests.storage.taken import Kept, places_in, settled
from tests.storage.taken_records import fill, save
from trim_bot.app.people.roster import Roster
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.chat_workspaces import ChatWorkspace
from trim_bot.domain.ids import OfferId
from trim_bot.domain.incidents import Directness, Exposure, Offer, OfferState
from trim_bot.domain.people import Grant, Member, Role
from trim_bot.storage.ledger.anchor import FileAnchor

TOPICS = (
    ("stop", "go_on"),
    ("revoke", "grant"),
    ("leave_out", "put_back"),
    ("unplug", "plug_in"),
    ("stop", "go_on", "revoke", "grant", "decline", "leave_out", "put_back", "unplug", "plug_in"),
)
"""What is taken and given, each by itself, and all together."""
_MOVES = st.sampled_from(TOPICS).flatmap(
    lambda topic: st.lists(st.sampled_from((*topic, "backup")), min_size=1, max_size=8)
)


@settings(max_examples=12)
@example(["stop", "go_on", "stop", "go_on"])
@example(["revoke", "grant"])
@example(["leave_out", "put_back", "unplug", "plug_in"])
@example(["stop", "backup", "go_on", "revoke", "backup", "grant", "revoke"])
@example(["decline", "leave_out", "unplug"])
@given(_MOVES)
def test_any_order_of_taking_and_giving_ends_as_it_stood_last(moves: list[str]) -> None:
    async def story(folder: Path) -> None:
        clock = FakeClock(datetime(2026, 11, 23, 10, tzinfo=UTC))
        kept = await settled(Kept(places_in(folder / "live", None), FileAnchor(folder / "anchor"), clock))
        town = kept.town
        nurse, dev = town.ids["nurse"], town.ids["dev"]
        await town.write(fill(town.ids, clock.now()))

        def role(tx: Tx) -> bool:
            return bool(tx.find(Grant, member_id=dev, role=Role.DEPUTY))

        async def state(one: Kept) -> tuple[object, ...]:
            def body(tx: Tx) -> tuple[object, ...]:
                member, exposure = tx.get(Member, nurse), tx.get(Exposure, "exposure")
                offer = tx.get(Offer, OfferId("declined"))
                assert member and exposure and offer
                declined = offer.state is OfferState.DECLINED
                return member.messages_stopped, role(tx), exposure.directness, declined

            [organisation] = await one.store.organisations()
            return (*await one.town.write(body), bool(organisation.workspaces))

        async def move(what: str) -> None:
            match what:
                case "stop" | "go_on":
                    await town.write(lambda tx: save(tx, Member, nurse, messages_stopped=what == "stop"))
                case "revoke":
                    await town.write(lambda tx: Roster(tx).revoke(dev, Role.DEPUTY, clock.now()))
                case "grant":
                    await town.write(lambda tx: Roster(tx).grant(dev, Role.DEPUTY, clock.now()))
                case "decline":
                    await town.write(lambda tx: save(tx, Offer, "declined", state=OfferState.DECLINED))
                case "leave_out" | "put_back":
                    near = Directness.MISTAKEN if what == "leave_out" else Directness.DIRECT
                    await town.write(lambda tx: save(tx, Exposure, "exposure", directness=near))
                case "unplug":
                    await kept.store.disconnect(ChatWorkspace.parse("slack:T1"))
                case _:
                    await kept.store.found("acme", ChatWorkspace.parse("slack:T1"))

        backup, backed_up = kept.back_up(folder / "backup"), await state(kept)
        for number, what in enumerate(moves):
            if what == "backup":
                backup, backed_up = kept.back_up(folder / f"backup-{number}"), await state(kept)
            else:
                await move(what)
        now = await state(kept)
        again, done = await kept.bring_back(backup, places_in(folder / "there", None))
        stopped, deputy, near, declined, plugged = await state(again)
        assert done.again.unread == 0
        assert stopped == now[0]
        # A role, a place in an event and a workspace are not given by a ledger; what was taken is never back.
        assert deputy == (now[1] and backed_up[1])
        assert near is (Directness.MISTAKEN if Directness.MISTAKEN in (now[2], backed_up[2]) else near)
        assert declined == now[3]
        assert plugged == (now[4] and backed_up[4])
        again.close()
        kept.close()

    with TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder)))
