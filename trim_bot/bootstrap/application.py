"""The ASGI application of this environment, for a server of somebody's own."""

from __future__ import annotations

from starlette.types import ASGIApp

from trim_bot.bootstrap.process_log import set_up_logging, tell_unknown_variables
from trim_bot.bootstrap.serving import Desktop
from trim_bot.settings.for_serving import settings_for_serving


def application() -> ASGIApp:
    """As `trim_bot.bootstrap:app` promises. Raises SettingsErrors when it is not known what the deployment is for."""
    # Before anything else: a server's own log would show addresses, and they may hold a token.
    set_up_logging()
    tell_unknown_variables()
    settings = settings_for_serving()
    return Desktop(settings, with_worker=settings.is_sqlite).app()
