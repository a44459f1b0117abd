"""Of forms that were not sent so many wait for one member, whichever browsers they are of; ids are told unopened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import Town
from trim_bot.app.people.kept_pages import keep_page
from trim_bot.app.people.sessions import Sessions
from trim_bot.app.people.unsent_forms import UnsentForms
from trim_bot.app.seam.page_again import PageAgain, PageKey, ShownBy
from trim_bot.app.seam.ports import Tx
from trim_bot.domain.ids import AccountId, new_id
from trim_bot.domain.people import Account, Address, Member, Platform
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import KeptPage

pytestmark = pytest.mark.anyio
FORM = PageAgain(ShownBy.FILL, "support", "token", (("text", "été"),))


async def in_browser(town: Town, name: str) -> Address:
    """Somebody's account for the browser, newly theirs."""
    address = Address(Platform.WEB, town.organisation.slug, f"{name}@acme.example")

    def body(tx: Tx) -> None:
        member = tx.get(Member, town.ids[name])
        assert member is not None
        tx.add(Account(AccountId(new_id()), member.key_id, member.id, Platform.WEB, address.text))

    await town.write(body)
    return address


async def test_the_oldest_of_too_many_go_and_pages_of_a_session_stay(town: Town) -> None:
    nurse, driver = await in_browser(town, "nurse"), await in_browser(town, "driver")
    unsent = UnsentForms(town.desk.outside)
    session = PageKey(await Sessions(town.store, town.clock).open("acme", nurse), "page")

    def in_session(tx: Tx) -> None:
        keep_page(tx, town.tokens, session, town.ids["nurse"], FORM, town.clock.real())

    await town.write(in_session)
    assert await unsent.keep(driver, FORM, PageKey("theirs", "one"))
    for number in range(POLICY.unsent_kept + 1):
        town.clock.move_real(timedelta(seconds=1))
        assert await unsent.keep(nurse, FORM, PageKey(f"browser {number}", "form"))
    assert await unsent.of(nurse, "browser 0") == []
    assert [len(await unsent.of(nurse, f"browser {number}")) for number in (1, POLICY.unsent_kept)] == [1, 1]
    assert len(await unsent.of(driver, "theirs")) == 1
    assert await town.write(lambda tx: tx.get(KeptPage, session.id)) is not None


async def test_the_newest_comes_first_and_each_is_taken_whole(town: Town) -> None:
    nurse, driver = await in_browser(town, "nurse"), await in_browser(town, "driver")
    unsent = UnsentForms(town.desk.outside)
    keys = [PageKey("browser", handle) for handle in ("first", "second")]
    for key in keys:
        town.clock.move_real(timedelta(seconds=1))
        assert await unsent.keep(nurse, FORM, key)
    assert await unsent.of(nurse, "browser") == [keys[1].id, keys[0].id]
    again = PageKey("session", "shown")
    assert not await unsent.take(driver, "browser", keys[0].id, again)
    assert await unsent.take(nurse, "browser", keys[0].id, again)
    assert await unsent.of(nurse, "browser") == [keys[1].id]
    kept = await town.write(lambda tx: tx.get(KeptPage, again.id))
    assert kept is not None
    text = town.tokens.open_for(again.secret, town.organisation.id, again.id, kept.kept)
    assert text is not None and PageAgain.from_text(text) == FORM and "été" in text
