"""A place that holds nothing and is gone afterwards, for commands that read where nothing is kept yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from trim_bot.settings import Settings


@contextmanager
def throwaway(settings: Settings) -> Iterator[Settings]:
    """The same settings with three empty databases of their own; whatever is kept there goes at the end."""
    with TemporaryDirectory(prefix="trim-bot-") as folder:
        places = {
            f"{name}_url": SecretStr(f"sqlite:///{folder}/{name}.db")
            for name in ("database", "keystore", "ledger")
        }
        yield settings.model_copy(update={**places, "anchor_url": f"file:{folder}/anchor"})
