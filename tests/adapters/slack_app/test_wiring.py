"""How the parts hang together: few listeners, no network while authorising, and an end that loses nothing."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp

from integrations.ground.background_tasks import Tasks
from integrations.ground.untrusted_input import Malformed
from integrations.slack.adapter import One, build_slack, slack_reporter
from integrations.slack.answers import Pages, SlackPace, Submissions
from integrations.slack.endpoint import Listeners, bolt_app
from integrations.slack.payloads import FORM, read_arrival
from integrations.slack.web_api import SlackWebApi
from integrations.slack.workspaces import OneWorkspace, TeamApi
from tests.adapters.slack_app.conftest import HOME, SECRET, Rig, first_word
from tests.adapters.slack_app.desk import FakeDesk
from tests.adapters.slack_app.fake_slack import BOT_TOKEN
from tests.adapters.slack_app.person import TEAM, USER, command
from tests.fakes.telling import Telling
from trim_bot.app.seam.gestures import Invoke
from trim_bot.app.seam.languages import english_everywhere

pytestmark = pytest.mark.anyio


async def test_seven_listeners_serve_every_form_there_will_ever_be() -> None:
    registered: list[str] = []

    class Counting(AsyncApp):
        def _register_listener(self, *args, **more):
            registered.append("one")
            return super()._register_listener(*args, **more)

    async def removed(team: str, at: object) -> None:
        raise AssertionError(team)

    reporter = slack_reporter(Telling(registered))
    tasks = Tasks(reporter.failed)
    api = SlackWebApi("http://127.0.0.1:9/api/")
    workspace = OneWorkspace(api, BOT_TOKEN)
    pages = Pages(FakeDesk(), TeamApi(api, workspace), reporter, SlackPace(), "")
    app = bolt_app(api, workspace, reporter)
    app.__class__ = Counting
    Listeners(
        pages,
        Submissions(pages, tasks, SlackPace()),
        tasks,
        SlackPace(),
        removed,
        lambda: HOME,
        english_everywhere,
    ).register(app)
    assert len(registered) <= 7


async def test_nothing_is_asked_of_slack_before_it_is_needed(rig: Rig) -> None:
    assert rig.fake.calls == []
    for number in range(5):
        await rig.post(command("/peer", trigger=f"t{number}"))
    await rig.slack.drain()
    assert len(rig.fake.called("auth.test")) == 1


async def test_many_first_requests_share_one_question(rig: Rig) -> None:
    answers = await asyncio.gather(*(rig.post(command("/peer", trigger=f"t{number}")) for number in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(rig.fake.called("auth.test")) == 1


async def test_where_slack_is_not_there_at_all_nobody_is_let_in() -> None:
    reports: list[str] = []

    async def removed(team: str, at: object) -> None:
        raise AssertionError(team)

    slack = build_slack(
        FakeDesk(),
        One(BOT_TOKEN, removed),
        link="https://desk.test",
        signing_secrets=[SECRET],
        api_url="http://127.0.0.1:9/api/",
        first_word=first_word,
        tell=Telling(reports),
        home=lambda: HOME,
    )
    assert slack.one is not None
    assert await slack.one.team() is None
    await slack.close()


@given(st.dictionaries(st.text("abc_", min_size=1, max_size=6), st.text(max_size=20), max_size=4))
def test_a_form_is_read_as_the_standard_library_reads_it(more: dict[str, str]) -> None:
    fields = {"command": "/peer", "team_id": TEAM, "user_id": USER} | {f"x_{key}": more[key] for key in more}
    body = urlencode(fields | {"text": "log"})
    assert dict(parse_qsl(body, keep_blank_values=True)) == fields | {"text": "log"}
    arrival = read_arrival(body.encode(), FORM)
    assert (arrival.command, arrival.gesture) == ("peer", Invoke(("log",)))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_arrival(body, FORM)
