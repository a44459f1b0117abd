"""Gathers the addresses that each adapter serves, so that what is told of them is what they are built from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from integrations.slack.manifest import INSTALL_PATH, PATH, REDIRECT_PATH
from integrations.web.pages import ADDRESSES, WITH_TEAMS
from trim_bot.domain.people import Platform


def addresses() -> Mapping[Platform, Sequence[str]]:
    """Method and path of every address, by the way in it belongs to."""
    # Here and not above, so that only whoever asks for this loads a part of Teams.
    from integrations.teams.manifest import MESSAGES_PATH

    return {
        Platform.SLACK: (f"POST {PATH}", f"GET {INSTALL_PATH}", f"GET {REDIRECT_PATH}"),
        Platform.TEAMS: (f"POST {MESSAGES_PATH}", *(f"GET {path}" for path in WITH_TEAMS)),
        Platform.WEB: ADDRESSES,
    }
