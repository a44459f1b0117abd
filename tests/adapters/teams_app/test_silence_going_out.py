"""Whatever Microsoft answers, no log at any level holds a token, the secret, a name, a card or who it was for."""

from __future__ import annotations

import logging

import pytest

from integrations.teams.credentials import LIBRARIES
from tests.adapters.teams_app.fake_cloud import PASSWORD, PERSON, TOKEN
from tests.adapters.teams_app.fake_teams import TENANT, Reply
from tests.adapters.teams_app.going_out import Going, at, going_out
from tests.whole_list import whole_list
from trim_bot.domain.errors import SafeError
from trim_bot.domain.people import Profile

pytestmark = pytest.mark.anyio
NAME = "name-marker"
SECRETS = (PASSWORD, TOKEN, NAME, PERSON, "tok-open", "answer-marker", TENANT)


def names() -> list[str]:
    """Every logger of theirs."""
    found = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in LIBRARIES]
    return [*found, *LIBRARIES]


def in_traceback(errors: list[SafeError]) -> list[BaseException]:
    """The errors, with those a traceback would show before them."""
    shown: list[BaseException] = list(errors)
    for one in shown:
        if one.__context__ is not None and not one.__suppress_context__:
            shown.append(one.__context__)
    return shown


async def exercise(going: Going) -> list[SafeError]:
    """Everything that goes out, answered well and badly; returns the errors that were raised."""
    errors: list[SafeError] = []
    answers = [
        None,
        Reply(403, {"error": {"code": "answer-marker", "message": "answer-marker"}}),
        Reply(500, "answer-marker"),
        Reply(200, {"access_token": "answer-marker " + "x" * 20, "error": "answer-marker"}),
        Reply(400, {"error": "answer-marker", "error_description": "answer-marker"}),
        Reply(302, {}, {"Location": "https://answer-marker.example/"}),
    ]
    going.cloud.accounts[PERSON] = {"id": PERSON, "displayName": NAME, "accountEnabled": True}
    for kind in ("token", "discovery", "conversations", "activities", "user", "users", "batch", "mailbox"):
        for answer in answers:
            if answer is not None:
                going.cloud.next[kind].append(answer)
            for act in (
                going.send(),
                going.out.directory.look_up(at()),
                whole_list(going.out.directory, TENANT),
            ):
                try:
                    await act
                except SafeError as error:
                    errors.append(error)
    return errors


async def test_no_log_at_any_level_holds_anything_of_it(caplog: pytest.LogCaptureFixture) -> None:
    async with going_out() as going:
        going.out.directory.heard(Profile(at(), NAME))
        for name in ["", *names()]:
            caplog.set_level(logging.DEBUG, logger=name)
        errors = await exercise(going)
    assert going.cloud.calls and going.cloud.logins and errors
    assert all(isinstance(shown, SafeError) and "marker" not in repr(shown) for shown in in_traceback(errors))
    everything = "\n".join(
        f"{one.name} {one.getMessage()} {one.args!r} {one.exc_info!r}" for one in caplog.records
    )
    for secret in SECRETS:
        assert secret not in everything


async def test_their_loggers_stay_silent_with_levels_and_handlers_of_somebody_else() -> None:
    heard: list[logging.LogRecord] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record)

    ear = Ear()
    async with going_out() as going:
        assert {"msal", "httpx", "httpcore.http11"} <= set(names())
        for name in names():
            logging.getLogger(name).addHandler(ear)
            logging.getLogger(name).setLevel(logging.DEBUG)
        try:
            await exercise(going)
        finally:
            for name in names():
                logging.getLogger(name).removeHandler(ear)
    assert heard == []
