"""Help that cannot wait."""

from __future__ import annotations

from collections.abc import Mapping

from trim_bot.app.cases.entitled import holds_case, was_called
from trim_bot.app.people.access import SERVES
from trim_bot.app.safety import handlers, screens
from trim_bot.app.safety.commands import AcknowledgeSafety, OpenSafety, OpenSafetyCall
from trim_bot.app.safety.steps import STEPS
from trim_bot.app.seam.links import CallForSafety
from trim_bot.app.seam.route import OutcomeScreen, Route, button, page
from trim_bot.domain.records import Action

ROUTES: tuple[Route, ...] = (
    page("safety", OpenSafety, handlers.open_safety, allow=SERVES & holds_case, reads=True),
    button(
        "safety_call",
        CallForSafety,
        handlers.call,
        Action.SAFETY,
        allow=SERVES & holds_case,
        gather="answers",
    ),
    page("safety_called", OpenSafetyCall, handlers.open_call, allow=SERVES & was_called, reads=True),
    button("safety_have", AcknowledgeSafety, handlers.acknowledge, Action.SAFETY, allow=SERVES & was_called),
)

OUTCOMES: Mapping[str, OutcomeScreen] = {
    "safety_acknowledged": screens.acknowledged,
    "safety_already": screens.already,
}

__all__ = ["OUTCOMES", "ROUTES", "STEPS"]
