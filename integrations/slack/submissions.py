"""Answers a sent form within Slack's patience: the answer itself carries what to mend, or the next step."""

from __future__ import annotations

import asyncio

from integrations.ground.background_tasks import Tasks
from integrations.ground.drawing import Json
from integrations.slack import limits
from integrations.slack.pages import Pace, Pages
from integrations.slack.payloads import Arrival
from integrations.slack.render import notice
from integrations.slack.wire import cut
from trim_bot.app.seam.views import Answer, Done, FieldErrors, View
from trim_bot.app.words import adapter_words as words


class Submissions:
    """Sends a form to the desk and says what Slack shall do with the modal."""

    def __init__(self, pages: Pages, tasks: Tasks, pace: Pace) -> None:
        self._pages = pages
        self._tasks = tasks
        self._pace = pace

    async def answer(self, arrival: Arrival) -> Json:
        """The `response_action` for one submission, after its commit; a neutral page when that takes long."""
        receiving = self._tasks.start(self._pages.receive(arrival))
        await asyncio.wait({receiving}, timeout=self._pace.submission)
        if not receiving.done():
            if arrival.modal is not None:
                self._tasks.start(self._pages.replace_later(arrival.team, arrival.modal, receiving))
            return _update(notice(words.STILL_SAVING_TITLE, words.STILL_SAVING))
        return self._action(arrival, receiving)

    def _action(self, arrival: Arrival, receiving: asyncio.Task[View]) -> Json:
        first = next(iter(arrival.wire_names.values()), None)
        if receiving.cancelled() or receiving.exception() is not None:
            # Beside a field, so that everything typed stays where it is.
            return _errors({first: words.SEND_AGAIN}) if first else _update(_not_now())
        view = receiving.result()
        if isinstance(view, Done) and view.answer is Answer.TRY_AGAIN and first:
            return _errors({first: words.NOTHING_SAVED})
        if isinstance(view, FieldErrors) and view.errors and arrival.wire_names.keys() >= view.errors.keys():
            return _errors({arrival.wire_names[field]: text for field, text in view.errors.items()})
        page = self._pages.page(receiving)
        return {"response_action": "clear"} if page is None else _update(page)


def _errors(errors: dict[str, str]) -> Json:
    return {
        "response_action": "errors",
        "errors": {name: cut(text, limits.INPUT_HINT) for name, text in errors.items()},
    }


def _update(page: Json) -> Json:
    return {"response_action": "update", "view": page}


def _not_now() -> Json:
    return notice(words.NOT_NOW_TITLE, words.NOT_NOW)
