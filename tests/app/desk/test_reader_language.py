"""In which language somebody reads: as they chose, else as their platform says, else as their site does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.desk.test_journey import logged_and_accepted
from tests.app.own.test_profile import fill, member
from tests.builders import Town
from tests.reading import form_of
from trim_bot.app.desk.reader_language import LastLanguages
from trim_bot.app.seam.gestures import Actor, Invoke, Press
from trim_bot.app.seam.in_language import language_of
from trim_bot.app.seam.views import Choice, Done, FieldErrors, Form, Link, View
from trim_bot.domain.people import Address, Platform

pytestmark = pytest.mark.anyio

TITLE, FRENCH = "My talks and choices", "Mes échanges et choix"


def title(view: View) -> str:
    assert isinstance(view, Done | Form)
    return view.title


async def reads(town: Town, name: str, platform: str = "") -> str:
    actor = replace(town.actor(name), language=platform)
    return title(await town.desk.receive(actor, Invoke(("support", "me"))))


@pytest.mark.parametrize(
    ("site", "platform", "seen"),
    [
        (("en",), "", TITLE),
        (("en",), "fr-CA", FRENCH),
        (("fr", "en"), "", FRENCH),
        (("fr", "en"), "en-GB", TITLE),
        (("pl", "fr"), "", FRENCH),
        (("pl",), "", TITLE),
        (("fr",), "tlh", FRENCH),
        (("en",), "../../fr", TITLE),
    ],
)
async def test_the_platform_comes_before_the_site(
    town: Town, site: tuple[str, ...], platform: str, seen: str
) -> None:
    await town.settle(languages=site)
    assert await reads(town, "nurse", platform) == seen


async def test_ones_own_choice_comes_first_and_can_be_left_to_the_platform_again(town: Town) -> None:
    await fill(town, "nurse", reads="fr")
    assert (await member(town, "nurse")).reads == "fr"
    assert await reads(town, "nurse", "en") == FRENCH
    assert await reads(town, "driver", "en") == TITLE
    await fill(town, "nurse", reads="platform")
    assert (await member(town, "nurse")).reads == ""
    assert await reads(town, "nurse", "en") == TITLE


async def test_a_profile_sent_without_the_question_leaves_the_choice(town: Town) -> None:
    await fill(town, "nurse", reads="fr")
    await fill(town, "nurse", phone="01234 567")
    assert (await member(town, "nurse")).reads == "fr"


async def test_languages_call_themselves_by_their_own_name_in_every_language(town: Town) -> None:
    form = form_of(
        await town.desk.receive(replace(town.actor("nurse"), language="fr"), Invoke(("peer", "profile")))
    )
    [field] = [one for one in form.blocks if isinstance(one, Choice) and one.name == "reads"]
    assert [option.label for option in field.options][1:] == [
        "English",
        "Français, pas encore relu par quelqu’un dont c’est la langue",
    ]
    assert field.label == "Langue de ces pages"


async def test_a_language_is_marked_until_a_speaker_at_the_site_has_checked_it(town: Town) -> None:
    async def called() -> list[str]:
        form = form_of(await town.say("nurse", "peer", "profile"))
        [field] = [one for one in form.blocks if isinstance(one, Choice) and one.name == "reads"]
        return [option.label for option in field.options][1:]

    assert await called() == ["English", "Français, not yet checked by a speaker"]
    await town.settle(languages_checked=("fr",))
    assert await called() == ["English", "Français"]


async def test_what_is_to_be_mended_is_said_in_the_same_language(town: Town) -> None:
    await town.settle(languages=("fr",))
    form = form_of(await town.say("nurse", "peer", "profile"))
    mended = await town.send("nurse", form, reach="")
    assert isinstance(mended, FieldErrors)
    assert mended.errors["reach"] == "Choisissez une des réponses."
    assert mended.form.title == "Mon profil"


async def test_what_is_refused_is_refused_in_the_same_language(town: Town) -> None:
    actor = replace(town.actor("nurse"), language="fr")
    assert title(await town.desk.receive(actor, Press("case", "forged"))) == "Plus ouvert pour vous"
    assert title(await town.desk.receive(actor, Invoke(("peer", "team")))) == "Plus ouvert pour vous"


async def test_what_the_desk_says_while_it_cannot_look_is_in_the_language_of_the_last_answer(
    town: Town,
) -> None:
    await fill(town, "nurse", reads="fr")
    await town.say("nurse", "support", "me")
    assert town.desk.language_of(town.actor("nurse")).code == "fr"
    assert title(await town.say("nurse", "peer", "help")) == "Ce que l’on tape ici"
    await fill(town, "nurse", reads="en")
    await town.say("nurse", "support", "me")
    assert title(await town.say("nurse", "peer", "help")) == "What you can type here"


async def test_messages_are_in_the_language_of_the_site_whoever_reads_them(town: Town) -> None:
    await town.settle(languages=("fr",))
    for name in ("nurse", "priya"):
        await fill(town, name, reads="en")
    await logged_and_accepted(town)
    await town.pass_time(days=3)
    assert town.slack.sent
    assert {message.language.code for _, message in town.slack.sent} == {"fr"}


async def test_the_way_to_help_is_in_the_language_of_its_page(town: Town) -> None:
    actor = replace(town.actor("nurse"), language="fr")
    view = await town.desk.receive(actor, Invoke(("support", "me")))
    assert isinstance(view, Done) and language_of(view).code == "fr"
    [way] = [block.label for block in view.blocks if isinstance(block, Link)]
    assert way == "Aide immédiate\u00a0: numéros à appeler"


async def test_nothing_is_remembered_of_whoever_is_signed_out(town: Town) -> None:
    signed_out = Actor(Address(Platform.WEB, "ambulance", ""))
    last = LastLanguages(town.desk.outside.languages)
    last.note(replace(signed_out, language="fr"), last.of(replace(signed_out, language="fr")))
    assert last.of(signed_out).code == "en"
    assert last.of(replace(signed_out, language="fr")).code == "fr"


async def test_one_browser_address_is_remembered_for_each_organisation_apart(town: Town) -> None:
    here, there = (Actor(Address(Platform.WEB, slug, "someone@example.org")) for slug in ("one", "two"))
    last = LastLanguages(town.desk.outside.languages)
    last.note(here, last.of(replace(here, language="fr")))
    assert (last.of(here).code, last.of(there).code) == ("fr", "en")
