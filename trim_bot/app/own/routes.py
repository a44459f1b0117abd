"""One's own record: what waits, what is kept, and every choice about it."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.entitled import own_case
from trim_bot.app.handover import erasing
from trim_bot.app.handover.commands import EraseMe, OpenErase, SaveProfile
from trim_bot.app.own import (
    about_colleague,
    handlers,
    home,
    profile_screens,
    screens,
    stop_or_change,
    written,
)
from trim_bot.app.own.commands import (
    GiveBrowserLink,
    OpenAboutColleague,
    OpenHome,
    OpenPrivateHere,
    OpenReaders,
    OpenStopOrChange,
    OpenWaiting,
    OpenWritten,
    OpenWrittenTalk,
    PutZoneAside,
    StartMessages,
    StopMessages,
)
from trim_bot.app.own.entitled import own_record, own_talk
from trim_bot.app.people.access import ANYONE, SERVES
from trim_bot.app.seam.links import OpenDue, OpenMe, OpenProfile, OpenStepWaiting
from trim_bot.app.seam.route import OutcomeScreen, Route, button, form, page
from trim_bot.app.seam.work import StepRule
from trim_bot.domain.records import Action, AnyMeasure, RecordRule

ROUTES: tuple[Route, ...] = (
    page("due", OpenDue, home.open_due, allow=SERVES, reads=True, words=("peer due",)),
    page("home", OpenHome, home.open_home, allow=ANYONE, words=("home",), to_all=True),
    page(
        "waiting", OpenWaiting, home.open_waiting, allow=ANYONE, reads=True, words=("waiting",), to_all=True
    ),
    page("open", OpenStepWaiting, home.open_step, allow=ANYONE),
    button("stop", StopMessages, home.stop_messages, Action.CHANGED, allow=ANYONE),
    button("start", StartMessages, home.start_messages, Action.CHANGED, allow=ANYONE),
    page(
        "me",
        OpenMe,
        handlers.open_me,
        allow=ANYONE,
        reads=True,
        words=(
            "support me",
            "me",
        ),
        to_all=True,
    ),
    page(
        "about_colleague",
        OpenAboutColleague,
        about_colleague.open_about_colleague,
        allow=ANYONE,
        to_all=True,
    ),
    page("written", OpenWritten, written.open_written, allow=ANYONE & own_record, reads=True),
    page("written_talk", OpenWrittenTalk, written.open_written_talk, allow=ANYONE & own_talk, reads=True),
    page("private", OpenPrivateHere, written.open_private, allow=ANYONE, to_all=True),
    page("stop_or_change", OpenStopOrChange, stop_or_change.open_stop_or_change, allow=ANYONE & own_case),
    page("readers", OpenReaders, handlers.open_readers, allow=ANYONE),
    form(
        "erase",
        OpenErase,
        handlers.open_erase,
        EraseMe,
        erasing.erase,
        Action.ERASED,
        allow=ANYONE,
        to_all=True,
    ),
    button("browser", GiveBrowserLink, handlers.give_link, Action.SIGNED_IN, allow=ANYONE),
    button("zone_aside", PutZoneAside, handlers.put_zone_aside, Action.CHANGED, allow=ANYONE),
    form(
        "profile",
        OpenProfile,
        handlers.open_profile,
        SaveProfile,
        handlers.save,
        Action.CHANGED,
        allow=ANYONE,
        words=("peer profile",),
        to_all=True,
    ),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "request_withdrawn": stop_or_change.request_withdrawn,
    "withdrawn": stop_or_change.case_withdrawn,
    "practitioner_changed": stop_or_change.practitioner_changed,
    "erased": screens.erased,
    "messages_stopped": screens.messages_stopped,
    "messages_started": screens.messages_started,
    "profile_saved": profile_screens.saved,
    "zone_put_aside": profile_screens.put_aside,
}

STEPS: tuple[StepRule, ...] = ()

RECORDS: tuple[RecordRule, ...] = ()
MEASURES: tuple[AnyMeasure, ...] = ()
