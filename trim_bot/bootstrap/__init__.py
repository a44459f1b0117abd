"""The one place that knows every part, and puts them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def app() -> ASGIApp:
    """The ASGI application of this environment, for any server: `uvicorn --factory trim_bot.bootstrap:app`.

    Raises SettingsErrors when it is not known what the deployment is for.
    """
    # Only here: each command imports a part of this folder, and not what serves pages with it.
    from trim_bot.bootstrap.process_log import set_up_logging, tell_unknown_variables
    from trim_bot.bootstrap.serving import Desktop
    from trim_bot.settings.for_serving import settings_for_serving

    # Before anything else: a server's own log would show addresses, and they may hold a token.
    set_up_logging()
    tell_unknown_variables()
    settings = settings_for_serving()
    return Desktop(settings, with_worker=settings.is_sqlite).app()
