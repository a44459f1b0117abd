"""Somebody without an account is one person however they are typed, and nothing shows that they were known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.beginnings import open_case_for
from tests.app.events.test_call_sheets import logged, sheet
from tests.builders import Town, log_values
from tests.reading import blocks_of, buttons, form_of, name_of, values_of, words_of
from trim_bot.app.people.screens import told_apart
from trim_bot.app.seam.ports import Tx
from trim_bot.app.seam.views import Choices, PersonCard
from trim_bot.domain.cases import Case
from trim_bot.domain.clean_text import normalised_name
from trim_bot.domain.incidents import Exposure, Offer
from trim_bot.domain.people import Account, Member, Role

pytestmark = pytest.mark.anyio


async def log_them(town: Town, who: str, lines: str) -> None:
    form = await town.say(who, "peer", "log")
    done = await town.send(who, form, **log_values(unlisted=lines))
    assert name_of(done) == "incident_logged", done


async def without_account(town: Town) -> list[Member]:
    def body(tx: Tx) -> list[Member]:
        have = {account.member_id for account in tx.find(Account)}
        return [one for one in tx.find(Member) if one.id not in have]

    return await town.write(body)


@pytest.mark.parametrize(
    "again",
    [
        "Zoë O'Neill, 07700 900101",
        "zoe oneill,+44 7700 900101",
        "O’Neill  ZOË , 0044 (0)7700-900-101, after six",
        "ZOË O'NEILL, +44 (0)7700 900101",
        "Zoe\u0308 O\u02bcNeill, 07700900101",
    ],
)
async def test_one_person_in_two_events_is_one_person_and_one_case(town: Town, again: str) -> None:
    await log_them(town, "priya", "Zoë O'Neill, 07700 900101")
    await log_them(town, "paul", again)
    [member] = await without_account(town)
    for name in ("priya", "paul"):
        view = await town.press(name, await sheet(town, name), "call_take_some")
        await town.press(name, view, "call_yes")
    [case] = await town.all(Case)
    assert case.member_id == member.id and len(case.incidents) == 2


@pytest.mark.parametrize(
    "other",
    ["Zoë O'Neill, 07700 900102", "Zoe Neil, 07700 900101", "Zoë O'Neill", "Zoë O'Neill, no phone"],
)
async def test_another_name_or_number_is_another_person(town: Town, other: str) -> None:
    await log_them(town, "priya", "Zoë O'Neill, 07700 900101")
    await log_them(town, "paul", other)
    assert len(await without_account(town)) == 2


async def test_only_a_digest_of_it_is_kept(town: Town) -> None:
    await log_them(town, "priya", "Zoe Neill, 07700 900101")
    [member] = await without_account(town)
    assert member.known_as and "neill" not in member.known_as and "7700" not in member.known_as


async def test_whoever_logs_the_second_sees_what_they_typed_and_cannot_tell(town: Town) -> None:
    """Byte for byte as it would be if nobody had known them."""
    shown = []
    for known in (False, True):
        other = Town()
        await other.found()
        for name in ("priya", "paul"):
            await other.add(name, Role.PRACTITIONER)
        if known:
            await log_them(other, "priya", "Zoe Neill, +44 7700 900101, mornings")
        await log_them(other, "paul", "NEILL zoe, 07700 900 101")
        view = await other.press("paul", await sheet(other, "paul"), "call_take_some")
        cards = blocks_of(view, PersonCard)
        form = form_of(await other.press("paul", await logged(other, "paul"), "incident"))
        labels = [one.label for block in form.inputs() if isinstance(block, Choices) for one in block.options]
        shown.append((cards, labels))
    assert shown[0] == shown[1]
    assert shown[0][1] == ["NEILL zoe"]


async def test_the_same_line_twice_is_one_person_and_is_refused_nowhere(town: Town) -> None:
    await log_them(town, "priya", "Sam Smith, 07700 900101\nsmith sam, +447700900101")
    assert len(await without_account(town)) == 1
    assert len(await town.all(Offer)) == 1
    form = form_of(await town.press("priya", await logged(town, "priya"), "incident"))
    values = values_of(form)
    await town.send("priya", form, **{**values, "unlisted": "Sam Smith, 07700 900 101"})
    assert len(await town.all(Exposure)) == 1


async def test_two_people_of_one_name_are_two_and_told_apart_by_whoever_sees_both(town: Town) -> None:
    await log_them(town, "priya", "Sam Smith, 07700 900101\nSam Smith, 07700 900202\nSam Smith\nsam smith")
    assert len(await without_account(town)) == 4
    form = form_of(await town.press("priya", await logged(town, "priya"), "incident"))
    [out] = blocks_of(form, Choices)
    labels = [one.label for one in out.options]
    assert len(set(labels)) == 4
    assert "Sam Smith, number ending 101" in labels and "Sam Smith, number ending 202" in labels


def test_names_in_one_form() -> None:
    same = ("Ana Maria de Souza", "de souza, ana maria", "ANA  MARÍA DE SOUZA", "Ana\u00a0Maria de Souza")
    assert {normalised_name(name) for name in same} == {"ana de maria souza"}
    assert normalised_name("Jo-Ann Lee") == normalised_name("Lee Jo Ann")
    assert normalised_name("!?") == ""
    assert normalised_name("Ｓａｍ Smith") == normalised_name("sam smith")


def test_only_names_that_are_there_twice_are_told_apart() -> None:
    people = [("Sam Smith", "07700 900101"), ("Jo Lee", ""), ("sam smith", "07700 900202"), ("Smith Sam", "")]
    assert told_apart(people) == [
        "Sam Smith, number ending 101", "Jo Lee", "sam smith, number ending 202", "Smith Sam (3)",
    ]  # fmt: skip


async def test_somebody_who_left_and_was_entered_again_is_not_the_one_who_left(town: Town) -> None:
    await log_them(town, "priya", "Sam Smith, 07700 900101")
    [member] = await without_account(town)
    await town.write(lambda tx: tx.save(replace(member, left=True)))
    await log_them(town, "paul", "Sam Smith, 07700 900101")
    assert len(await without_account(town)) == 2
    assert "Sam" in words_of(await sheet(town, "paul")) and buttons(
        await sheet(town, "paul"), "call_take_some"
    )


async def test_two_of_one_name_whom_somebody_supports_are_told_apart_on_their_own_list(town: Town) -> None:
    for name, phone in (("sam", "07700 900101"), ("kim", "07700 900202"), ("jo", "")):
        await town.add(name, phone=phone)
        await open_case_for(town, name, holder="priya")

    def rename(tx: Tx) -> None:
        for name in ("sam", "kim"):
            member = tx.get(Member, town.ids[name])
            assert member is not None
            tx.save(replace(member, name="Sam Smith"))

    await town.write(rename)
    cases = words_of(await town.say("priya", "peer", "cases")).splitlines()
    for name in ("Sam Smith, number ending 101", "Sam Smith, number ending 202", "Jo"):
        assert name in cases
