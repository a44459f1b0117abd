"""Every sentence of what is asked on the roster and needs a second yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from trim_bot.app.oversight.commands import OpenAsked, OpenPerson, SayNo, SayYes, SeeGivenRoles
from trim_bot.app.people.roster_records import Asked
from trim_bot.app.seam.links import OpenGivenRoles, OpenRoster
from trim_bot.app.seam.paging import ListPart, counted, onward
from trim_bot.app.seam.sentences import as_given, capitalised, joined, phrase
from trim_bot.app.seam.unsigned import Block, Button, Page, Screen
from trim_bot.app.seam.views import Facts, Heading, Text, Weight
from trim_bot.app.words.times import day_in, spoken_by, spoken_date, spoken_day
from trim_bot.domain.grants import COMING, GrantState
from trim_bot.domain.people import Role, Training
from trim_bot.domain.policy import POLICY

TWO_PEOPLE = (
    "A role that can open what people said needs a second yes, once a lead has opened this desk. "
    "It begins on the first working day after that."
)
COMMAND_LINE = "Whoever runs this desk, on the command line"


def role_word(role: Role) -> str:
    """What a role is called."""
    match role:
        case Role.PRACTITIONER:
            return phrase("practitioner")
        case Role.LEAD:
            return phrase("lead")
        case Role.SUSPENDED_LEAD:
            return phrase("lead (suspended)")
        case Role.DEPUTY:
            return phrase("deputy lead")
        case Role.CLINICAL_LEAD:
            return phrase("clinical lead")
        case Role.COORDINATOR:
            return phrase("coordinator")
        case Role.ADMINISTRATOR:
            return phrase("administrator")
        case Role.AUDITOR:
            return phrase("auditor")
        case _:
            assert_never(role)


def training_word(training: Training | None, today: date) -> str:
    """How somebody's training stands on a day."""
    if training is None:
        return "None recorded"
    if training.expires_on < today:
        return phrase("Ran out on {day}", day=spoken_date(training.expires_on))
    return phrase("Runs out on {day}", day=spoken_date(training.expires_on))


def asked_rows(asked: Sequence[Asked], zone: ZoneInfo) -> Iterator[Block]:
    """What has not begun, each with the way to it."""
    if asked:
        yield Heading("Asked, and not begun")
    for one in asked:
        yield Text(
            phrase(
                "{name}: {what}. {state_line}",
                name=one.name,
                what=what(one),
                state_line=state_line(one, zone),
            )
        )
        yield Button(
            "Look at it",
            OpenAsked(one.request.id),
            Weight.QUIET,
            about=phrase("{name}, {what}", name=one.name, what=what(one)),
        )


def asked_page(
    asked: Asked, now: datetime, zone: ZoneInfo, begins: datetime | None, *, by_me: bool, keeps: bool
) -> Page:
    """One thing that was asked, with what whoever looks may do. `keeps` is for those who keep the roster.

    `begins` (UTC) is when it would begin after their yes, where they may say it.
    """
    request = asked.request
    rows = [
        ("For", as_given(asked.name)),
        ("What", capitalised(what(asked))),
        ("Asked by", as_given(asked.asked_by) if asked.asked_by else COMMAND_LINE),
        ("Asked on", spoken_by(request.asked_at, zone)),
    ]
    if request.role is None:
        rows.append(("Training by", as_given(request.provider)))
    elif request.role in (Role.PRACTITIONER, Role.LEAD, Role.DEPUTY):
        rows.append(("Training", training_word(asked.training, now.astimezone(zone).date())))
    if asked.agreed_by:
        rows.append(("Second yes by", as_given(asked.agreed_by)))
    blocks: list[Block] = [Facts(tuple(rows)), Text(state_line(asked, zone))]
    if request.state is GrantState.WAITING:
        blocks += _waiting(asked, begins, zone, by_me=by_me)
    elif request.state is GrantState.AGREED:
        blocks += (
            Text("Until then anyone who sees this page can stop it, without a reason."),
            Button("Stop it", SayNo(request.id), Weight.QUIET),
        )
    if keeps:
        if request.state in COMING and request.role is not None:
            blocks.append(Button("Training and roles", OpenPerson(request.member_id), Weight.QUIET))
        blocks.append(Button("People who serve", OpenRoster(), Weight.QUIET, to_all=True))
    return Page("asked_role", "A role needs another yes", tuple(blocks))


def _waiting(asked: Asked, begins: datetime | None, zone: ZoneInfo, *, by_me: bool) -> Iterator[Block]:
    request = asked.request
    if asked.may_agree and begins is not None:
        day = spoken_day(begins.astimezone(zone).date())
        yield Text(phrase("If you know of this and it is right, say yes. It then begins on {day}.", day=day))
        yield Button("Yes, give it", SayYes(request.id), Weight.MAIN)
        yield Button("No", SayNo(request.id))
        return
    if by_me:
        yield Text(_who_can(asked))
        yield Button("Take it back", SayNo(request.id), Weight.QUIET)
    else:
        yield Text("Somebody else has to say yes to this: neither whoever asked, nor whoever it is for.")


def _who_can(asked: Asked) -> str:
    who = [role_word(role) for role in Role if role in asked.could]
    if not who:
        return (
            "Nobody else here can say yes now. Whoever runs this desk can give it on the command line: that "
            "counts as the second person, and all leads are told."
        )
    return phrase(
        "It waits on the page of everybody who can say yes: {roles}. It is not you, nor whoever it is for.",
        roles=joined(who, ", "),
    )


def state_line(asked: Asked, zone: ZoneInfo) -> str:
    """What became of it, and what comes next."""
    day = spoken_day(asked.request.until.astimezone(zone).date())
    match asked.request.state:
        case GrantState.WAITING:
            return phrase(
                "It waits for a second yes. If nobody answers by {day} it lapses, and can be asked again.",
                day=day,
            )
        case GrantState.AGREED:
            return phrase("A second person said yes. It begins on {day}.", day=day)
        case GrantState.GIVEN:
            return phrase("It began on {day}.", day=day)
        case GrantState.REFUSED:
            return phrase("It was taken back or not agreed to, on {day}. No reason is asked.", day=day)
        case GrantState.LAPSED:
            return phrase("It lapsed on {day}. It can be asked again.", day=day)
        case _:
            assert_never(asked.request.state)


def what(asked: Asked) -> str:
    """What was asked, in a few words."""
    request = asked.request
    if request.role is not None:
        return phrase("the role of {role}", role=role_word(request.role))
    trained = spoken_date(request.trained_on) if request.trained_on is not None else phrase("a day not given")
    return phrase("training of {day}, with which they can take work", day=trained)


def given_roles_page(part: ListPart[Asked], zone: ZoneInfo) -> Page:
    """For leads: who was given a role lately, and for whom one is asked."""
    blocks: list[Block] = [
        Text("Here is every role and training that lets somebody open what people said, the newest first."),
        Text(
            phrase(
                "It stays here for {days} days. All leads see the same.", days=POLICY.asked_roles_kept.days
            )
        ),
    ]
    if not part.rows:
        blocks.append(Text("Nothing was asked or given lately."))
    blocks += counted(part)
    for number, one in enumerate(part.rows, part.first):
        rows = [
            ("What", capitalised(what(one))),
            ("Asked by", as_given(one.asked_by) if one.asked_by else COMMAND_LINE),
        ]
        if one.agreed_by:
            rows.append(("Second yes by", as_given(one.agreed_by)))
        blocks += (Heading(as_given(one.name)), Facts(tuple(rows)), Text(state_line(one, zone)))
        if one.request.state in COMING:
            about = phrase("{number}. {name}, {what}", number=number, name=one.name, what=what(one))
            blocks.append(Button("Look at it", OpenAsked(one.request.id), Weight.QUIET, about=about))
    blocks += onward(part, OpenGivenRoles)
    blocks += (
        Text("If something here surprises you, talk to the person who runs the scheme.", quiet=True),
        Button("I have read this", SeeGivenRoles(), Weight.MAIN),
    )
    return Page("given_roles", "Roles given lately", tuple(blocks))


def role_asked(_work: object, ids: Mapping[str, str]) -> Screen:
    """After asking: nothing has begun."""
    return Page(
        "role_asked",
        "Waiting for another yes",
        (
            Text("Nothing has changed yet. Somebody else has to say yes: not you, and not whoever it is for."),
            Text("It waits on the page of everybody who can say yes, and all leads see it. It begins on the "
                 "first working day after that."),
            Text(phrase("If nobody answers by {day} it lapses. You can ask again, or take it back under "
                 "People who serve.", day=day_in(ids))),
            Button("People who serve", OpenRoster(), Weight.QUIET, to_all=True),
        ),
    )  # fmt: skip


def given_roles_seen(_work: object, _ids: Mapping[str, str]) -> Screen:
    """A lead has read it."""
    return Page(
        "given_roles_seen",
        "Thank you",
        (Text("You can read it again at any time, under Planning."),),
    )
