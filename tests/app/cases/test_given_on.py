"""Nobody takes a case from its holder unseen, and the person sees that somebody new has opened it."""

from __future__ import annotations

import pytest

from tests.app.beginnings import open_case_for, refused
from tests.builders import Town
from tests.reading import buttons, everything_in, words_of
from trim_bot.app.seam.views import View

pytestmark = pytest.mark.anyio
LABEL = "Talks now in other hands"


async def assign(town: Town, holder: str, **more: str) -> None:
    form = await town.press("lena", await town.say("lena", "peer", "team"), "assign")
    await town.send("lena", form, holder=town.ids[holder], **more)


async def told(town: Town, name: str) -> View | None:
    waiting = await town.say(name, "waiting")
    labels = [one.label for one in buttons(waiting, "open")]
    return await town.press(name, waiting, "open", labels.index(LABEL)) if LABEL in labels else None


async def test_whoever_held_a_case_finds_at_once_that_a_lead_took_it(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    assert await told(town, "priya") is None
    await assign(town, "lena")
    page = await told(town, "priya")
    assert page is not None
    assert "Lena" in words_of(page) and "Nurse" not in everything_in(page)
    assert not buttons(page, "case")
    cases = await town.say("priya", "peer", "cases")
    assert not buttons(cases, "case"), "the page opens nothing of the case"
    await town.press("priya", page, "given_on_seen")
    assert await told(town, "priya") is None


async def test_it_goes_to_a_third_person_and_back_and_is_told_each_time(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await assign(town, "paul")
    await assign(town, "priya")
    assert await told(town, "priya") is not None and await told(town, "paul") is not None


async def test_somebody_named_to_cover_is_told_to_whoever_holds_it(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await assign(town, "priya", cover=town.ids["paul"])
    page = await told(town, "priya")
    assert page is not None and "Paul" in words_of(page)


async def test_a_case_that_had_nobody_is_told_to_nobody(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    case = await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await town.press("priya", case, "pass_case")
    await assign(town, "paul")
    assert await told(town, "priya") is None and await told(town, "paul") is None


async def test_only_whoever_held_it_opens_the_page(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await assign(town, "lena")
    page = await told(town, "priya")
    assert page is not None
    for name in ("paul", "nurse", "cora"):
        assert refused(await town.press(name, page, "given_on_seen"))


async def test_the_person_sees_that_somebody_new_opened_their_record_by_role_alone(town: Town) -> None:
    await open_case_for(town, "nurse", holder="priya")
    await town.press("priya", await town.say("priya", "peer", "cases"), "case")
    await assign(town, "lena")
    await town.press("lena", await town.say("lena", "peer", "cases"), "case")
    page = words_of(await town.say("nurse", "me"))
    assert "Somebody new opened your record" in page
    assert "A practitioner, for the first time" in page and "A lead, for the first time" in page
    new = page.split("Somebody new opened your record")[1].split("Only you see this")[0]
    assert "Lena" not in new and "Priya" not in new
    await town.pass_time(days=29)
    assert "Somebody new" not in everything_in(await town.say("nurse", "me"))
