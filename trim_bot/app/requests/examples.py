"""Examples of asking for support, of the pool, and of answers."""

from __future__ import annotations

from datetime import timedelta

from trim_bot.app.cases.conversation_screens import touch
from trim_bot.app.examples.sample import CLOCK, CLOCKS, KEY, LINK, NOW, Example, Mended, Sample, contact_step
from trim_bot.app.people.screens import REACH
from trim_bot.app.requests import reply_screens
from trim_bot.app.requests import screens as requests
from trim_bot.app.requests.tray import tray_page
from trim_bot.app.seam import mending
from trim_bot.app.seam.command import ListPlace
from trim_bot.app.seam.paging import ListPart, whole
from trim_bot.app.seam.views import PersonCard
from trim_bot.domain.ids import MemberId, RequestId
from trim_bot.domain.requests import RequestState, SupportRequest

GOING_ON = (RequestState.WAITING, RequestState.TAKEN, RequestState.CASE)
REPLY = "Thank you for asking. I am free on Thursday at two."

BY = NOW.date() + timedelta(days=5)


def views(sample: Sample) -> dict[str, Example]:
    """From the form to the reply."""
    reply = reply_screens.reply_form(sample.site)
    person = sample.person
    card = PersonCard(person.name, person.phone, REACH[person.reach], person.best_time, talk=requests.REQUEST)
    waited = timedelta(hours=20)
    named = _request(person.id, named=True)
    in_tray = tuple((RequestId(f"request_{n}"), timedelta(hours=n)) for n in range(15))
    found: dict[str, Example] = {
        "support/empty": requests.support_form(sample.site, LINK, BY),
        "tray/none": tray_page(whole(())),
        "tray/some": tray_page(ListPart(in_tray, 1, 22, ListPlace("place"))),
        "ask/full": requests.too_many(sample.site),
        "ask/empty": requests.ask_form(sample.site, BY),
        "reply/empty": reply,
        "reply/mend": Mended(reply, {"code": mending.NO_SUCH_CODE}, {"code": "abcd"}),
        "request/waiting": requests.request_page(RequestId("request"), waited, "en", can_take=True),
        "request/at_the_limit": requests.request_page(
            RequestId("request"), waited, "en", can_take=True, full=5
        ),
        "request/no_room": requests.request_page(RequestId("request"), waited, "pl", can_take=False),
        "request_taken/named": requests.taken_form(named, card, clock=CLOCK),
        "request_taken/to_contact": requests.taken_form(
            named, card, contact=touch(contact_step(), sample.zone), clock=CLOCKS
        ),
        "request_taken/passes_on": requests.taken_form(
            named, card, contact=(requests.passes_on("Thursday 10 December"),), clock=CLOCK
        ),
        "request_taken/unnamed": requests.taken_form(_request(person.id, named=False), None, clock=CLOCK),
        "request_taken/signed_out": requests.taken_form(_request(None, named=False), None, clock=CLOCK),
    }
    for state in RequestState:
        words = REPLY if state is not RequestState.WAITING else ""
        stop = reply_screens.stop_button(RequestId("request")) if state in GOING_ON else None
        found[f"reply/{state.value}"] = reply_screens.reply_screen(
            requests.state_line(state, BY, BY), words, sample.site, stop
        )
    return found


def _request(member: MemberId | None, *, named: bool) -> SupportRequest:
    return SupportRequest(
        RequestId("request"), KEY, member, named, RequestState.TAKEN, NOW, "en",
        text="Nights are hard since the move.", contact="Ring after four",
    )  # fmt: skip
