"""Pages that a browser can come back to: so many of the newest, for a working day, sealed with its own secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim_bot.app.seam.page_again import PageAgain, PageKey
from trim_bot.app.seam.ports import Tokens, Tx
from trim_bot.domain.ids import KeptPageId
from trim_bot.domain.policy import POLICY
from trim_bot.domain.records import KeptPage


@dataclass(frozen=True, slots=True)
class KeptPageLine:
    """When one page was kept."""

    id: KeptPageId
    kept_at: datetime


def keep_page(tx: Tx, tokens: Tokens, key: PageKey, member: str, page: PageAgain, real: datetime) -> bool:
    """Keep a page in place of the oldest of the same browser; whether it is kept.

    `member` is empty for somebody signed out: of these there are so many at once, and no more. `real` is aware.
    """
    if not member and tx.tally(KeptPage, "member_id", member_id="").get("", 0) >= POLICY.signed_out_pages:
        return False
    old = sorted(tx.lines(KeptPageLine, KeptPage, holder=key.holder), key=lambda line: line.kept_at)
    for line in old[: max(0, len(old) + 1 - POLICY.pages_kept)]:
        tx.drop(KeptPage, line.id)
    kept = tokens.seal_for(key.secret, tx.organisation, key.id, page.as_text())
    tx.add(KeptPage(key.id, key.holder, member, real, kept))
    return True


def kept_page(tx: Tx, tokens: Tokens, key: PageKey, real: datetime) -> PageAgain | None:
    """The page under a handle of this browser; None where there is none any more."""
    found = tx.get(KeptPage, key.id)
    if found is None or found.kept_at < real - POLICY.session_lasts:
        return None
    text = tokens.open_for(key.secret, tx.organisation, key.id, found.kept)
    return None if text is None else PageAgain.from_text(text)


def drop_pages(tx: Tx, holder: str) -> None:
    """Forget all pages of one browser, as when it is signed out."""
    for line in tx.lines(KeptPageLine, KeptPage, holder=holder):
        tx.drop(KeptPage, line.id)
