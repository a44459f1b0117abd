"""The settings as they are kept, whatever place whoever looks is at."""

from __future__ import annotations

from trim_bot.app.seam.ports import Tx
from trim_bot.domain.errors import NotSettled
from trim_bot.domain.site import Site


def settled_site(tx: Tx) -> Site:
    """The whole of them. Raises NotSettled."""
    site = tx.get(Site, "site")
    if site is None:
        raise NotSettled
    return site
