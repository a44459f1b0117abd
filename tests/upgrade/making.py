"""Fills a desk through its doors until every kind of record is in it, in every state that people come to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tests.adapters.teams_app import person as wire
from tests.e2e.deployment import Deployment
from tests.e2e.screens import Person, Screen, send
from tests.e2e.settling import SITE, Hire
from tests.e2e.slack_side import SlackPerson
from tests.e2e.story import Cast, answers, begun, event, interviewed, plain, written
from tests.e2e.teams_side import TeamsPerson, object_id
from tests.e2e.tenancy import TENANT
from tests.e2e.workplace import TEAM
from trim_bot.app.oversight.role_grants import give_role
from trim_bot.app.seam.ports import Tx
from trim_bot.app.site_file.reading import read_site
from trim_bot.bootstrap.deployment import open_deployment
from trim_bot.bootstrap.for_commands import apply_site
from trim_bot.domain.chat_workspaces import ChatWorkspace, Installation
from trim_bot.domain.ids import OrganisationId
from trim_bot.domain.people import Address, Role
from trim_bot.settings.environment import load_settings

LATER = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
"""A working Monday after everything that the closed talks took."""
PHONE = "07700 900741"
SECOND = "slack:T2BETA"
AT_SLACK = ("priya", "peter", "lena", "dora", "quinn", "clerk", "nurse", "driver", "porter", "guard", "cook",
            "mia", "leaver", "usher")  # fmt: skip
AT_TEAMS = ("tess", "nora", "ned", "mia", "quill")

HIRES = [
    Hire(f"slack:{TEAM}:UPRIYA", "Priya", (Role.PRACTITIONER,)),
    Hire(f"slack:{TEAM}:UPETER", "Peter", (Role.PRACTITIONER,)),
    Hire(f"slack:{TEAM}:ULENA", "Lena", (Role.PRACTITIONER, Role.LEAD)),
    Hire(f"slack:{TEAM}:UDORA", "Dora", (Role.PRACTITIONER, Role.DEPUTY)),
    Hire(f"slack:{TEAM}:UQUINN", "Quinn", (Role.COORDINATOR,)),
    Hire(f"teams:{TENANT}:{object_id('tess')}", "Tess", (Role.PRACTITIONER,)),
    Hire(f"teams:{TENANT}:{object_id('quill')}", "Quill", (Role.AUDITOR,)),
    Hire("web:wes@acme.example", "Wes"),
    Hire("web:ada@acme.example", "Ada", (Role.ADMINISTRATOR,)),
]
FULL_SITE = (
    SITE
    + f"""
[[reporting_lines]]
person = "slack:{TEAM}:UCLERK"
manager = "slack:{TEAM}:UPETER"

[[thresholds]]
questionnaire = "trauma_month_v1"
floor = 8
step = 3
signed_by = "The clinical lead"
signed_on = 2026-11-02
"""
)
BETA_SITE = SITE.replace("Acme", "Beta").replace("acme", "beta")


async def second_organisation() -> None:
    """An organisation beside the first: a workspace that was added, its tokens, somebody who serves."""
    deployment = await open_deployment(load_settings())
    try:
        beta = OrganisationId((await deployment.founder.found("beta", ChatWorkspace.parse(SECOND))).id)
        file = read_site(BETA_SITE, "site.toml", today=datetime(2026, 11, 22, tzinfo=UTC).date())
        await apply_site(deployment, await deployment.founder.found("beta"), file)
        await give_role(deployment, beta, Address.parse(f"{SECOND}:UBO"), Role.PRACTITIONER, "Bo of Beta")

        def keep(tx: Tx) -> None:
            tokens = ("xoxe.xoxb-token-of-beta", "xoxe-refresh-of-beta")
            tx.add(Installation(SECOND, tx.new_key(), *tokens, app_user="UBETABOT"))

        await deployment.store.write(beta, keep)
    finally:
        deployment.close()


async def fill(at: Deployment) -> None:
    """Everything, in the order of its time."""
    people = {name: await at.slack(name) for name in AT_SLACK}
    teams = {name: await with_the_app(at, name) for name in AT_TEAMS}
    priya, quinn = people["priya"], people["quinn"]
    await home_opened(at, "UNURSE", "UPRIYA")
    await a_finished_story(Cast(at, priya, people["clerk"], quinn))
    await at.to(LATER)
    await erased(at, people["leaver"])
    await joined(people["mia"], teams["mia"])
    await offers_in_every_state(at, priya, people)
    await an_event_in_teams(at, teams)
    await talks_held(at, priya, people["nurse"], quinn)
    await requests(at, people, teams)
    await safety_and_stops(at, people)
    await profiles(people, teams)
    await (await quinn.say("peer", "team")).press("monthly")
    await (await (await quinn.say("peer", "team")).press("monthly")).press("send_monthly")
    await at.drain()
    await signed_in(at, people["nurse"])


async def signed_in(at: Deployment, person: SlackPerson) -> None:
    """Somebody goes on in a browser by the link that chat gives; a second link is not used."""
    for used in (True, False):
        page = await (await person.say("support", "me")).press("browser")
        [link] = [one for one in page.links() if "sign-in" in one]
        browser = await at.stranger()
        if used:
            page_of_link = await browser.get(link)
            [form] = [one for one in page_of_link.forms if one.action == "/sign-in"]
            await browser.post(form.action, page_of_link.body("", form))
            assert (await browser.get("/me")).status == 200


async def with_the_app(at: Deployment, name: str) -> TeamsPerson:
    """Somebody who has the app in Teams."""
    person = await at.teams(name)
    place = person.side.place
    await person.side.post(wire.installed(place.service_url, person=person.user))
    await at.drain()
    return person


async def home_opened(at: Deployment, *users: str) -> None:
    """Some look at the app's own page in Slack."""
    side = await at.side()
    for user in users:
        await side.event("app_home_opened", user=user, tab="home")


async def a_finished_story(cast: Cast) -> None:
    """Both talks, a referral, and the end."""
    form = await cast.priya.say("peer", "log")
    await send(form, **event(cast.nurse, mine=True, account=plain("account")))
    await cast.at.drain()
    await (await cast.nurse.open_newest()).press("offer_yes")
    await cast.at.pass_time(days=3)
    case = await cast.priya.open_newest()
    ending = await interviewed(cast, await begun(cast, case))
    result = await send(ending, overrides=["person_asks"], note="Asked for somebody to talk to")
    await send(await send(result, then="refer"), service="oh", answer="yes")
    await cast.at.pass_time(days=25)
    case = await (await cast.priya.say("peer", "cases")).press("case")
    result = await send(await interviewed(cast, await case.press("interview"), "0"), overrides=[])
    await send(await send(result, then="close"), reason="finished")
    await cast.at.drain()


async def erased(at: Deployment, leaver: SlackPerson) -> None:
    """Somebody asked for support and then had all of it erased."""
    await send(await leaver.say("support"), name="named", text=plain("leaver"), contact="")
    await at.drain()
    await send(await (await leaver.say("support", "me")).press("erase"), sure=True)
    await at.drain()


async def joined(slack: SlackPerson, teams: TeamsPerson) -> None:
    """One person in two chats says so, in both."""
    page = await (await (await slack.say("support", "me")).press("chats")).press("chat_code")
    code = re.findall(r"\b[a-z0-9]{4}(?:-[a-z0-9]{4})+\b", page.text)[0]
    form = await (await teams.say("support", "link")).press("enter_code")
    await (await send(form, typed=code)).press("join_chats")
    await (await (await slack.say("support", "me")).press("chats")).press("confirm_join")


async def offers_in_every_state(at: Deployment, priya: SlackPerson, people: dict[str, SlackPerson]) -> None:
    """Yes, yes with somebody else, not now, no, no answer yet; and one person without an account."""
    named = [people[name] for name in ("nurse", "driver", "porter", "guard", "cook")]
    filled = event(*named, on=LATER.date(), mine=True, account=plain("event"), unlisted=f"Una Vale, {PHONE}")
    await send(await priya.say("peer", "log"), **filled)
    await at.drain()
    answered = {"nurse": "offer_yes", "driver": "offer_later", "porter": "offer_no", "guard": "offer_other"}
    for name, answer in answered.items():
        await (await people[name].open_newest()).press(answer)
    await at.drain()


async def an_event_in_teams(at: Deployment, teams: dict[str, TeamsPerson]) -> None:
    """One says yes and one has not answered."""
    tess, nora, ned = teams["tess"], teams["nora"], teams["ned"]
    filled = event(nora, ned, on=LATER.date(), mine=True, account=plain("event in Teams"))
    await send(await tess.say("peer", "log"), **filled)
    await at.drain()
    await (await nora.open_newest()).press("offer_yes")
    await at.drain()


async def talks_held(at: Deployment, priya: Person, nurse: Person, quinn: Person) -> None:
    """A first talk with its result and a referral that waits; a second case keeps a draft."""
    await at.pass_time(days=3)
    cast = Cast(at, priya, nurse, quinn)
    case = await named_case(priya, "Nurse")
    ending = await interviewed(cast, await begun(cast, case))
    result = await send(ending, overrides=[], note="We agreed to ring each other")
    await send(await send(result, then="refer"), service="oh", answer="yes")
    tess = await at.teams("tess")
    step = await begun(Cast(at, tess, nurse, quinn), await (await tess.say("peer", "cases")).press("case"))
    await send(step, **answers(step, "2"), **written(step, plain))
    await at.drain()


async def named_case(holder: Person, name: str) -> Screen:
    """The case of somebody, out of those one holds."""
    cases = await holder.say("peer", "cases")
    for nth in range(9):
        case = await (await holder.say("peer", "cases")).press("case", nth)
        if name in case.text:
            return case
    raise AssertionError(f"no case of that person: {cases.text}")


async def requests(at: Deployment, people: dict[str, SlackPerson], teams: dict[str, TeamsPerson]) -> None:
    """Answered, begun as a case, taken back, waiting; and two from nobody the desk knows."""
    await send(await people["usher"].say("support"), name="named", text=plain("usher"), contact="After four")
    taken = await take_newest(at, people["priya"])
    await send(taken, reply="I will ring you on Thursday", then="stress")
    await send(await teams["mia"].say("support"), name="unnamed", text=plain("mia"), contact="")
    await send(await take_newest(at, people["peter"]), reply="Here is who can help", then="wait")
    await send(await people["guard"].say("support"), name="named", text=plain("guard"), contact="")
    ended = await take_newest(at, people["lena"])
    await send(ended, reply="We spoke, and nothing more is needed", then="close")
    for text in ("signed out and answered", "signed out and waiting"):
        stranger = await at.stranger()
        await send(await stranger.get("/o/acme/ask"), text=plain(text), contact="")
    await send(await (await at.stranger()).get("/o/beta/ask"), text=plain("beta"), contact="")
    await send(await people["cook"].say("support"), name="named", text=plain("taken back"), contact="")
    await (await people["cook"].say("support", "me")).press("withdraw_request")
    await send(await teams["ned"].say("support"), name="named", text=plain("waiting"), contact="")
    await at.drain()


async def take_newest(at: Deployment, person: SlackPerson) -> Screen:
    """Whoever serves takes the request that came last."""
    await at.drain()
    for message in reversed(at.workplace.messages(person.user)):
        screen = await person.press_in(message["blocks"], "open")
        if screen.has("take_request"):
            return await screen.press("take_request")
    raise AssertionError("no request came")


async def safety_and_stops(at: Deployment, people: dict[str, SlackPerson]) -> None:
    """A safety call that somebody has, one that waits, and a person who stopped all messages."""
    case = await named_case(people["priya"], "Nurse")
    await (await case.press("safety")).press("safety_call")
    await at.drain()
    await (await people["lena"].open_newest()).press("safety_have")
    usher = await named_case(people["priya"], "Usher")
    moved = await (await named_case(people["priya"], "Usher")).press("move")
    await send(moved, **agreed(at))
    await (await usher.press("safety")).press("safety_call")
    await at.drain()
    await (await people["cook"].say("support", "me")).press("stop")
    await at.pass_time(days=8)
    assert at.now - LATER > timedelta(days=7), "a week has closed"


def agreed(at: Deployment) -> dict[str, str | bool]:
    """A time for a talk, three days from now, with a message to the person."""
    return {"day": (at.now + timedelta(days=3)).date().isoformat(), "at": "14:00", "tell": True}


async def profiles(people: dict[str, SlackPerson], teams: dict[str, TeamsPerson]) -> None:
    """Hours, phone numbers and zones of their own."""
    for person in (people["priya"], people["lena"], teams["tess"]):
        form = await person.say("peer", "profile")
        filled = {"phone": PHONE, "best_time": "Mornings", "hours": "08:00-16:00", "days": ["0", "1", "2"]}
        await send(form, **filled, zone="Europe/Dublin")
