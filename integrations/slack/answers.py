"""Answers a gesture within Slack's patience: a page that follows the ack, or an ack that carries the next step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from integrations.ground.background_tasks import Tasks, try_again
from integrations.ground.drawing import Json, RenderError, cannot_show
from integrations.ground.fault_lines import Reporter
from integrations.slack import wire
from integrations.slack.payloads import Shown, SlackArrival
from integrations.slack.render import notice, notice_of, render_again, render_home, render_view
from integrations.slack.web_api import SlackRefused
from integrations.slack.wire import cut
from integrations.slack.workspaces import TeamApi
from trim_bot.app.seam.door import DeskLike
from trim_bot.app.seam.gestures import Gesture
from trim_bot.app.seam.in_language import in_language
from trim_bot.app.seam.languages import SpokenAt, speak
from trim_bot.app.seam.views import Answer, Done, FieldErrors, Nothing, View
from trim_bot.app.words import adapter_words as words
from trim_bot.domain.errors import TryLater

TRIGGER_SECONDS = 3.0
"""How long Slack takes a trigger: an answer that comes later opens nothing."""
USED = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
"""The first of two equal requests has opened its view already."""
LOST = frozenset({"expired_trigger_id", "invalid_trigger_id", "trigger_expired"})
"""Ordinary slowness, not a fault."""
GONE = frozenset({"hash_conflict", "not_found", "view_not_found"})
"""The view was closed, or shows something newer by now."""


@dataclass(frozen=True, slots=True)
class SlackPace:
    """How long things may take, in seconds of real time."""

    opening: float = 0.8
    """Before a neutral page opens; Slack takes an opening for three seconds only."""
    submission: float = 2.5
    """Before a submission is answered with a neutral page; Slack waits for three seconds."""
    settle: float = 0.5
    """Between that neutral page and the real one, so that the two cannot change places on the way."""
    tries: int = 3
    """How often a page is offered that Slack could not take. A number, and no seconds."""


class Pages:
    """What appears on a screen by calls of ours."""

    def __init__(self, desk: DeskLike, api: TeamApi, reporter: Reporter, pace: SlackPace, link: str) -> None:
        """`link` is where the pages of the browser are."""
        self._link = link
        self._desk = desk
        self._api = api
        self._reporter = reporter
        self._pace = pace

    async def replace_later(
        self, team: str, shown: Shown, receiving: asyncio.Task[View], gesture: Gesture | None
    ) -> None:
        """Put the real answer in the place of the neutral page a slow submission was acked with."""
        await asyncio.wait({receiving})
        await asyncio.sleep(self._pace.settle)
        await self.update(team, Shown(shown.id, ""), self.page(receiving, gesture) or nothing_more())

    async def publish_home(self, team: str, user: str, home: Callable[[], Done], spoken: SpokenAt) -> None:
        """Draw the Home tab, the same for everybody, in the language of their site."""
        view = in_language(home(), await spoken(team))
        if isinstance(view, Done):
            await self._offer(team, "views.publish", {"user_id": user, "view": render_home(view)})

    def speak_to(self, arrival: SlackArrival) -> None:
        """Draw the rest of this request in the language of whoever made it."""
        if arrival.actor is not None:
            speak(self._desk.language_of(arrival.actor))

    async def receive(self, arrival: SlackArrival) -> View:
        """The desk's answer to a request that carries a gesture."""
        if arrival.actor is None or arrival.gesture is None:
            raise TypeError("this request carries no gesture")
        return await self._desk.receive(arrival.actor, arrival.gesture)

    def page(self, receiving: asyncio.Task[View], gesture: Gesture | None) -> Json | None:
        """The modal for the answer to a gesture; a neutral one for a failure, None for nothing to show."""
        if receiving.cancelled() or receiving.exception() is not None:
            return notice(words.NOT_NOW_TITLE, words.NOT_NOW)
        try:
            return render_view(receiving.result())
        except RenderError as error:
            self._reporter.failed(error)
            return notice_of(words.CANNOT_SHOW_TITLE, cannot_show(receiving.result(), self._link, gesture))

    async def open(self, arrival: SlackArrival, page: Json) -> Shown | None:
        """Open a page within the life of its trigger; a lost trigger is answered with a neutral line."""
        try:
            opening = {"trigger_id": arrival.trigger, "view": page}
            answer = await self._api.call(arrival.team, "views.open", opening, TRIGGER_SECONDS)
        except SlackRefused as refusal:
            if refusal.code in USED:
                return None
            if refusal.code not in LOST:
                self._reporter.failed(refusal)
        except TryLater as error:
            self._reporter.failed(error)
        else:
            return _shown(answer)
        await self._say_again(arrival)
        return None

    async def _say_again(self, arrival: SlackArrival) -> None:
        """A line that only whoever asked sees and Slack does not keep, with ways to the first page and the browser.

        A shortcut in the menu brings no address to answer at: its line stands in the chat with the app.
        """
        line = render_again(self._link)
        if arrival.response_url:
            await self._api.respond(arrival.response_url, line)
        elif arrival.actor is not None:
            user = arrival.actor.address.user
            opened = await self._api.call(arrival.team, "conversations.open", {"users": user})
            channel = opened.get("channel")
            place = channel.get("id") if isinstance(channel, dict) else None
            said = {"text": line.text, "blocks": line.blocks}
            await self._api.call(arrival.team, "chat.postEphemeral", {"channel": place, "user": user, **said})

    async def update(self, team: str, shown: Shown, page: Json) -> None:
        """Replace a page, unless it was closed or shows something newer by now."""
        arguments: Json = {"view_id": shown.id, "view": page}
        if shown.hash:
            arguments["hash"] = shown.hash
        await self._offer(team, "views.update", arguments)

    async def _offer(self, team: str, method: str, arguments: Json) -> None:
        """A call that may be made again, since it only says what a page shows."""
        try:
            await try_again(lambda: self._api.call(team, method, arguments), self._pace.tries)
        except SlackRefused as refusal:
            if refusal.code not in GONE:
                raise


def _shown(answer: Json) -> Shown | None:
    view = answer.get("view")
    if not isinstance(view, dict) or not isinstance(view.get("id"), str):
        return None
    version = view.get("hash")
    return Shown(view["id"], version if isinstance(version, str) else "")


def nothing_more() -> Json:
    """A neutral page that may be closed."""
    return notice(words.CLOSE_THIS_TITLE, words.CLOSE_THIS)


class PageAfterAck:
    """One command or press on its way to a page. One task and one timer until something is to be shown."""

    def __init__(self, arrival: SlackArrival, pages: Pages, tasks: Tasks, pace: SlackPace) -> None:
        self._arrival = arrival
        self._pages = pages
        self._tasks = tasks
        self._neutral: asyncio.Task[Shown | None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        if arrival.modal is None:
            self._timer = asyncio.get_running_loop().call_later(pace.opening, self._late)
        tasks.start(pages.receive(arrival)).add_done_callback(self._answered)

    def _late(self) -> None:
        page = notice(words.OPENING_TITLE, words.OPENING)
        self._neutral = self._tasks.start(self._pages.open(self._arrival, page))

    def _answered(self, receiving: asyncio.Task[View]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if receiving.cancelled():
            return
        empty = receiving.exception() is None and isinstance(receiving.result(), Nothing)
        if not empty or self._neutral is not None:
            # In a task, so that whatever goes wrong is reported and never logged.
            self._tasks.start(self._show(receiving))

    async def _show(self, receiving: asyncio.Task[View]) -> None:
        page = self._pages.page(receiving, self._arrival.gesture) or nothing_more()
        shown = self._arrival.modal
        if self._neutral is not None:
            await asyncio.wait({self._neutral})
            failed = self._neutral.cancelled() or self._neutral.exception() is not None
            shown = None if failed else self._neutral.result()
            if shown is None:
                return
        if shown is None:
            await self._pages.open(self._arrival, page)
        else:
            await self._pages.update(self._arrival.team, shown, page)


class Submissions:
    """Sends a form to the desk and says what Slack shall do with the modal."""

    def __init__(self, pages: Pages, tasks: Tasks, pace: SlackPace) -> None:
        self._pages = pages
        self._tasks = tasks
        self._pace = pace

    async def answer(self, arrival: SlackArrival) -> Json:
        """The `response_action` for one submission, after its commit; a neutral page when that takes long."""
        receiving = self._tasks.start(self._pages.receive(arrival))
        await asyncio.wait({receiving}, timeout=self._pace.submission)
        if not receiving.done():
            if arrival.modal is not None:
                self._tasks.start(
                    self._pages.replace_later(arrival.team, arrival.modal, receiving, arrival.gesture)
                )
            return _update(notice(words.STILL_SAVING_TITLE, words.STILL_SAVING))
        return self._action(arrival, receiving)

    def _action(self, arrival: SlackArrival, receiving: asyncio.Task[View]) -> Json:
        first = next(iter(arrival.wire_names.values()), None)
        if receiving.cancelled() or receiving.exception() is not None:
            # Beside a field, so that everything typed stays where it is.
            return _errors({first: words.SEND_AGAIN}) if first else _update(_not_now())
        view = receiving.result()
        if isinstance(view, Done) and view.answer is Answer.TRY_AGAIN and first:
            return _errors({first: words.NOTHING_SAVED})
        if isinstance(view, FieldErrors) and view.errors and arrival.wire_names.keys() >= view.errors.keys():
            return _errors({arrival.wire_names[field]: text for field, text in view.errors.items()})
        page = self._pages.page(receiving, arrival.gesture)
        return {"response_action": "clear"} if page is None else _update(page)


def _errors(errors: dict[str, str]) -> Json:
    return {
        "response_action": "errors",
        "errors": {name: cut(text, wire.INPUT_HINT) for name, text in errors.items()},
    }


def _update(page: Json) -> Json:
    return {"response_action": "update", "view": page}


def _not_now() -> Json:
    return notice(words.NOT_NOW_TITLE, words.NOT_NOW)
