"""Each way says truly whether it was taken and why not, and none ends the others."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from integrations.alerts.addresses import MailAddress, Security, WebhookAddress
from integrations.alerts.mail import Mail
from integrations.alerts.webhook import Webhook
from integrations.alerts.webhook_bodies import body_for
from integrations.ground.outgoing_calls import OutgoingCalls
from tests.builders import MONDAY
from tests.e2e.operating.conftest import Place
from tests.e2e.operating.listening import listening
from trim_bot.app.watch.alert_words import AlertText, trial_text
from trim_bot.app.watch.alerting import Alerting
from trim_bot.app.watch.not_taken import NotTaken, cause_of
from trim_bot.bootstrap.process_log import tell
from trim_bot.domain.alerts import AdminAlert, AlertKind
from trim_bot.domain.errors import TryLater

pytestmark = pytest.mark.anyio
ONE, OTHER = "ops@example.org", "night@example.org"
PASSWORD = "planted-ä"


@pytest.mark.parametrize(
    ("refuses", "kind", "cause"),
    [
        pytest.param({f"RCPT {OTHER}": "550 planted"}, NotTaken, "code 550", id="one receiver of two"),
        pytest.param({f"RCPT {OTHER}": "450 later"}, TryLater, "failing", id="one receiver, for now"),
        pytest.param({"RCPT": "550 planted"}, NotTaken, "code 550", id="no receiver"),
        pytest.param({"RCPT": "451 planted"}, TryLater, "failing", id="no receiver, for now"),
        pytest.param(
            {"EHLO": "250-me\r\n250 AUTH PLAIN"}, NotTaken, "signs", id="a password that cannot be sent"
        ),
        pytest.param({"EHLO": "250-me\r\n250 AUTH XNONE"}, NotTaken, "no login", id="no way to log in"),
        pytest.param({"EHLO": "250 me"}, NotTaken, "not supported", id="no login at all"),
        pytest.param({"MAIL": "535 planted"}, NotTaken, "code 535", id="not let in"),
    ],
)
async def test_mail_is_sent_when_every_receiver_is_taken(
    refuses: dict[str, str], kind: type[Exception], cause: str
) -> None:
    async with listening() as (_, post):
        post.refuses = refuses
        login = ("desk", PASSWORD) if "EHLO" in refuses else ()
        address = MailAddress("smtp", "127.0.0.1", post.port, Security.PLAIN, "a@b.org", (ONE, OTHER), *login)
        with pytest.raises(kind) as met:
            await Mail(address, OutgoingCalls()).send(trial_text(""))
        assert isinstance(met.value, NotTaken | TryLater)
        assert cause_of(met.value) == cause
        assert "planted" not in str(met.value)


class Breaking:
    """A way that meets what nobody thought of."""

    name = "broken"

    async def send(self, _text: AlertText) -> None:
        PASSWORD.encode("ascii")


async def test_whatever_one_way_meets_the_others_are_tried_and_the_log_says_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "trim_bot")
    async with listening() as (hook, _):
        hook.status, now = 404, [MONDAY]
        ways = (Breaking(), Webhook(WebhookAddress("http 127.0.0.1", hook.url), OutgoingCalls()))
        alerting = Alerting(ways, tell, "", lambda: now[0])
        for _minutes in range(2):
            await alerting.look_while_closed(AdminAlert(AlertKind.DESK_CLOSED, "desk", "Words."))
            now[0] += timedelta(minutes=5)
        assert len(hook.bodies) == 1
        assert "administrator not told broken UnicodeEncodeError" in caplog.text
        assert "administrator not told http 127.0.0.1 status 404 NotTaken" in caplog.text
        assert "planted" not in caplog.text


async def test_a_trial_goes_on_after_a_way_that_breaks(place: Place) -> None:
    async with listening() as (hook, post):
        post.refuses["EHLO"] = "250-me\r\n250 AUTH PLAIN"
        mail = post.url.replace("smtp://", "smtp://desk:planted-%C3%A4@")
        place.set(ALERT_URLS=f"{mail},{hook.url}")
        said = await asyncio.to_thread(place.run, "alerts", "test", code=1)
        assert "fail smtp 127.0.0.1: A sign in its name, password or address cannot be sent." in said
        assert "ok   http 127.0.0.1: sent" in said
        assert "planted" not in said


def test_each_host_is_sent_what_it_takes() -> None:
    text = trial_text("desk.example.org")
    workflow = (
        "https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=planted"
    )
    for url in (workflow, "https://x.api.powerplatform.com/powerautomate/1"):
        body = body_for(url, text)
        assert set(body) == {"type", "attachments"}
        assert all(line in str(body) for line in text.text.splitlines())
    assert set(body_for("https://chat.googleapis.com/v1/spaces/1/messages?key=planted", text)) == {"text"}
    for url in ("https://hooks.slack.com/1", "https://logic.azure.com.example.org/1"):
        assert set(body_for(url, text)) == {"text", *text.fields}
