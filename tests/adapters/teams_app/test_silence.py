"""Whatever happens, no log at any level holds an activity, a token, a name or what anybody typed."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tests.adapters.slack_app.desk import LOG_FORM, SAVED
from tests.adapters.teams_app.conftest import Rig
from tests.adapters.teams_app.fake_teams import KEY_ID
from tests.adapters.teams_app.person import (
    PERSON,
    activity,
    command,
    installed,
    invoke,
    joined,
    opened,
    pressed,
    sent,
    typed,
)

pytestmark = pytest.mark.anyio
MARKER = "marker-of-what-was-typed"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged anywhere, with every logger wide open."""
    for name in ["", *logging.root.manager.loggerDict]:
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def everything(log: pytest.LogCaptureFixture) -> str:
    # The tests' own client says what it posts and where; the product's asks the stand-in for keys alone.
    return "\n".join(
        f"{record.name} {record.getMessage()} {record.args!r} {record.exc_info!r}" for record in log.records
    )


async def exercise(rig: Rig) -> list[str]:
    """Every kind of activity, good and bad, with the marker in each; returns the tokens that were used."""
    url, fields = rig.url, {"k": {"a": "text"}, "a": MARKER}
    who: dict[str, Any] = {"from": {"id": f"29:{PERSON}", "aadObjectId": PERSON, "name": MARKER}}
    activities = [
        command("peer", url, **who),
        command(MARKER, url),
        opened({"action": "open", "t": MARKER}, url),
        opened({"words": MARKER}, url),
        sent(fields | {"form": "log", "t": MARKER}, url),
        sent(fields | {"form": "log", "t": MARKER}, url, by_command=True),
        sent(fields | {"action": "back", "t": MARKER}, url),
        sent({"form": "log", "t": MARKER, "a": {"b": MARKER}}, url),
        pressed({"action": "stop", "t": MARKER}, url),
        typed(MARKER, url),
        typed(f"peer {MARKER}", url),
        typed(MARKER, url, tenant="other"),
        installed(url, **who),
        joined(url, **who),
        activity(MARKER, url),
        invoke(MARKER, {"x": MARKER}, url),
        activity("message", url, text=[MARKER]),
    ]
    used = [
        rig.fake.token(marker=MARKER),
        rig.fake.token(key="another", kid=KEY_ID),
        rig.fake.token(kid=MARKER),
    ]
    for one in activities:
        for token in used:
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            await rig.post(one, headers=headers)
    for body in (MARKER.encode(), json.dumps([MARKER]).encode(), MARKER.encode() * 50_000):
        await rig.post(None, body=body)
    await rig.post(command("peer", url), headers={"authorization": f"Bearer {MARKER}"})
    await rig.teams.drain()
    return used


async def test_no_log_at_any_level_holds_an_activity(rig: Rig, log: pytest.LogCaptureFixture) -> None:
    for answer in (LOG_FORM, SAVED, RuntimeError(MARKER)):
        rig.desk.answer(answer)
        rig.presence.failures.append(RuntimeError(MARKER))
        used = await exercise(rig)
        for secret in (MARKER, PERSON, *used):
            assert secret not in everything(log)
            assert secret not in "\n".join(rig.reports)

    assert rig.desk.received
    assert rig.presence.told
    assert len(rig.reports) > 50


async def test_what_the_login_answers_is_not_logged_either(rig: Rig, log: pytest.LogCaptureFixture) -> None:
    rig.fake.keys = [{"kid": MARKER, "kty": "RSA", "n": MARKER, "e": MARKER}]
    assert (await rig.post(command("peer", rig.url))).status_code == 503
    assert MARKER not in everything(log) + "\n".join(rig.reports)


async def test_no_object_tells_a_secret_when_it_is_printed(rig: Rig) -> None:
    await exercise(rig)
    shown = repr(rig.teams) + repr(rig.desk.received)
    assert MARKER not in shown
