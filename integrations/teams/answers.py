"""Answers within Teams' patience, in one file: an invoke by a page, a card's button by a line, words by one card."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from integrations.ground.background_tasks import Tasks
from integrations.ground.drawing import Json, RenderError, cannot_show
from integrations.ground.fault_lines import Reporter
from integrations.ground.recently_seen import RecentlySeen
from integrations.teams.activities import ActivityKind, TeamsArrival, gesture_of, same_again, words_typed
from integrations.teams.connector import ConversationRoute
from integrations.teams.render import (
    People,
    again_card,
    blocks_card,
    card_of,
    home_card,
    neutral_card,
    opening_card,
    title_of,
)
from trim_bot.app.desk.way_through import known_words
from trim_bot.app.seam.door import DeskLike
from trim_bot.app.seam.gestures import Actor, Gesture, Submit
from trim_bot.app.seam.in_language import here
from trim_bot.app.seam.languages import SpokenAt, speak, speaking
from trim_bot.app.seam.views import (
    Alert,
    Answer,
    Done,
    FieldErrors,
    Form,
    PeopleInput,
    PersonInput,
    Text,
    Tone,
    View,
)
from trim_bot.app.words import adapter_words as words
from trim_bot.app.workspaces.workspace_cache import FirstWord
from trim_bot.domain.errors import StoreUnavailable

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
MOST_FORMS = 256
FORM_SECONDS = 30 * 60.0
MOST_IN_MESSAGE = 800
"""Characters of an end that is told in a line of its own; a longer one keeps its page."""


@dataclass(frozen=True, slots=True)
class TeamsPace:
    """How long things may take, in seconds of real time."""

    answer: float = 3.0
    """Before an invoke is answered with a neutral page; Teams waits for five seconds, and asks three times."""


class Answers:
    """Hands a gesture to the desk and says what Teams shall show. `link` is where the browser's pages are, or empty."""

    def __init__(
        self,
        desk: DeskLike,
        listing: PickerNames,
        reporter: Reporter,
        tasks: Tasks,
        pace: TeamsPace,
        link: str,
        spoken: SpokenAt,
    ) -> None:
        self._link = link
        self._spoken = spoken
        self._desk = desk
        self._listing = listing
        self._reporter = reporter
        self._tasks = tasks
        self._pace = pace
        # In memory alone: what was typed must stand in its fields again when nothing could be saved, and Teams
        # draws an answer from nothing but the answer.
        self._forms: RecentlySeen[Form] = RecentlySeen(MOST_FORMS, FORM_SECONDS)

    async def dialog(self, arrival: TeamsArrival, spent: float = 0.0) -> Json:
        """The answer to something opened, sent or pressed in a dialog. Raises Malformed.

        `spent` is how many seconds of Teams' patience went before.
        """
        gesture = gesture_of(arrival)
        view = await self._in_time(arrival, gesture, spent)
        try:
            if view is None:
                return self._later(arrival)
            if isinstance(view, Done) and view.answer is Answer.TRY_AGAIN:
                return await self._once_more(arrival, gesture, view)
            if isinstance(gesture, Submit):
                # What was taken is not kept here any longer than it has to be.
                self._forms.drop(_whose(arrival, gesture.token))
            return await self._shown(arrival, view)
        except RenderError as error:
            self._reporter.failed(error)
            return _continue(
                here(words.CANNOT_SHOW_TITLE), blocks_card(cannot_show(view, self._link, gesture))
            )

    async def card(self, arrival: TeamsArrival, spent: float = 0.0) -> Json:
        """The answer to a button of a card in a chat: a neutral line in its place, never what the desk says.

        Where nothing happened the card stays, and the line is shown beside it. Raises Malformed.
        """
        view = await self._in_time(arrival, gesture_of(arrival), spent)
        if view is None:
            return {"statusCode": 200, "type": MESSAGE, "value": here(words.OPENING)}
        if isinstance(view, Done) and view.answer is Answer.OK:
            # It stays in the chat, whose owner must not see which language somebody chose at the desk.
            with speaking(await self._spoken(arrival.tenant)):
                return {"statusCode": 200, "type": CARD, "value": neutral_card(words.PRESSED)}
        refused = isinstance(view, Done) and view.answer is Answer.REFUSED
        return {
            "statusCode": 200,
            "type": MESSAGE,
            "value": here(words.NOT_OPEN if refused else words.NOT_NOW),
        }

    async def _in_time(self, arrival: TeamsArrival, gesture: Gesture, spent: float) -> View | None:
        """The desk's view, or None when it is not ready; it goes on, and the same gesture finds what it did."""
        if arrival.address is None:
            raise TypeError("this activity carries no gesture")
        actor = Actor(arrival.address, arrival.language)
        speak(self._desk.language_of(actor))
        receiving = self._tasks.start(self._desk.receive(actor, gesture))
        await asyncio.wait({receiving}, timeout=max(0.0, self._pace.answer - spent))
        if not receiving.done():
            return None
        if receiving.cancelled() or receiving.exception() is not None:
            text = words.SEND_AGAIN if isinstance(gesture, Submit) else words.NOT_NOW
            return Done("not_now", here(words.NOT_NOW_TITLE), (Text(here(text)),), Answer.TRY_AGAIN)
        return receiving.result()

    def _later(self, arrival: TeamsArrival) -> Json:
        if arrival.kind is ActivityKind.OPENING:
            page = again_card(words.OPENING_SLOWLY, words.GO_ON, same_again(arrival))
            return _continue(here(words.OPENING_TITLE), page)
        page = again_card(words.STILL_SAVING_HERE, words.LOOK, same_again(arrival))
        return _continue(here(words.STILL_SAVING_TITLE), page)

    async def _once_more(self, arrival: TeamsArrival, gesture: Gesture, view: Done) -> Json:
        """Nothing was saved: the form as it was filled, or a button that carries all of it."""
        said = words.NOTHING_SAVED if isinstance(gesture, Submit) else words.NOT_NOW
        form = self._forms.find(_whose(arrival, gesture.token)) if isinstance(gesture, Submit) else None
        if form is not None and isinstance(gesture, Submit):
            first = Alert(Tone.WAITING, here(said))
            blocks = (first, *(block for block in form.blocks if block != first))
            again = replace(form, blocks=blocks).filled(gesture.values)
            return await self._shown(arrival, again)
        return _continue(title_of(view), again_card(said, words.TRY_AGAIN, same_again(arrival)))

    async def _shown(self, arrival: TeamsArrival, view: View) -> Json:
        match view:
            case Form(token=token):
                self._forms.keep(_whose(arrival, token), view)
            case FieldErrors(form=form):
                self._forms.keep(_whose(arrival, form.token), form)
            case Done() if arrival.kind is ActivityKind.SENDING and (line := _line(view)):
                return {"task": {"type": "message", "value": line}}
            case _:
                pass
        card = card_of(view, arrival.tenant, await self._listing.people(arrival, view))
        if card is None:
            return {"task": {"type": "message", "value": here(words.CLOSE_THIS)}}
        return _continue(title_of(view), card)


def _whose(arrival: TeamsArrival, token: str) -> str:
    """The key of a form: what it was filled with comes back to nobody but whoever it was shown to."""
    return f"{arrival.address.text if arrival.address is not None else ''} {token}"


def _line(done: Done) -> str:
    """An end as one text, when there is nothing in it but words; empty for one that needs its page."""
    parts = [done.title]
    for block in done.blocks:
        if not isinstance(block, Text):
            return ""
        parts.append(block.text)
    line = "\n\n".join(part.strip() for part in parts if part.strip())
    return line if len(line) <= MOST_IN_MESSAGE else ""


def _continue(title: str, card: Json) -> Json:
    attached = {"contentType": CARD, "content": card}
    value = {"title": title, "height": "large", "width": "medium", "card": attached}
    return {"task": {"type": "continue", "value": value}}


ListNames = Callable[[Actor], Awaitable[People]]
"""Whom the desk may list to somebody, by name. Raises StoreUnavailable."""


class PickerNames:
    """Asks for names only where a form needs them, and only where Microsoft's own look-up is not agreed to."""

    def __init__(self, closed: Callable[[str], bool], listed: ListNames, reporter: Reporter) -> None:
        """`closed` says whether a tenant is known to let the app look nobody up."""
        self._closed = closed
        self._listed = listed
        self._reporter = reporter

    async def people(self, arrival: TeamsArrival, view: View) -> People:
        """Whom the pickers of a view list; nobody where Teams looks people up itself."""
        if arrival.address is None or not _names_people(view) or not self._closed(arrival.tenant):
            return ()
        try:
            listed = await self._listed(Actor(arrival.address))
        except StoreUnavailable as error:
            # The form is worth more than its list: Teams is asked instead.
            self._reporter.failed(error)
            return ()
        return tuple(one for one in listed if one[1].strip())


def _names_people(view: View) -> bool:
    form = view.form if isinstance(view, FieldErrors) else view
    return isinstance(form, Form) and any(isinstance(one, PersonInput | PeopleInput) for one in form.inputs())


MOST_REMEMBERED = 1000
REMEMBERED_SECONDS = 15 * 60.0

Say = Callable[[ConversationRoute, str, Json], Awaitable[object]]
"""Sends a card into a 1:1 conversation of a tenant. Raises what `Reporter.failed` can tell."""


class TypedCommands:
    """Looks for a command in what was typed, and at nothing else of it."""

    def __init__(self, say: Say, first_word: FirstWord, link: str, spoken: SpokenAt) -> None:
        self._say = say
        self._spoken = spoken
        self._first_word = first_word
        self._link = link
        self._answered: RecentlySeen[bool] = RecentlySeen(MOST_REMEMBERED, REMEMBERED_SECONDS)

    async def reply(self, arrival: TeamsArrival) -> None:
        """Send the one card: a way to what was asked for, or the card that is the same for everybody.

        A message that comes again, because the first try took long, gets no second card.
        """
        if arrival.route is None:
            return
        key = f"{arrival.route.conversation} {arrival.id}"
        if arrival.id and self._answered.find(key):
            return
        self._answered.keep(key, True)
        command, verbs = words_typed(arrival.typed)
        first = await self._first_word(arrival.tenant, command) if command else None
        speak(await self._spoken(arrival.tenant))
        # The card stays in the chat, so it holds words of the desk alone: the next one typed may be a name.
        card = opening_card(known_words((first, *verbs))) if first is not None else home_card(self._link)
        await self._say(arrival.route, arrival.tenant, card)
