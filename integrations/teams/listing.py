"""Says whom a picker lists by name: the desk's own people, where a tenant lets the app look nobody up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from integrations.ground.fault_lines import Reporter
from integrations.teams.activities import Arrival
from integrations.teams.render import People
from trim_bot.app.seam.gestures import Actor
from trim_bot.app.seam.views import FieldErrors, Form, PeopleInput, PersonInput, View
from trim_bot.domain.errors import StoreUnavailable

Listed = Callable[[Actor], Awaitable[People]]
"""Whom the desk may list to somebody, by name. Raises StoreUnavailable."""


class Listing:
    """Asks for names only where a form needs them, and only where Microsoft's own look-up is not agreed to."""

    def __init__(self, closed: Callable[[str], bool], listed: Listed, reporter: Reporter) -> None:
        """`closed` says whether a tenant is known to let the app look nobody up."""
        self._closed = closed
        self._listed = listed
        self._reporter = reporter

    async def people(self, arrival: Arrival, view: View) -> People:
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
