"""A process that was suspended before its commit does not commit after its taking-back was found to be nothing."""

from __future__ import annotations

from sqlalchemy import text

from trim_bot.storage.engine import writing_engine
from trim_bot.storage.sweeps.revocation_sweep import WAIT_SECONDS


def test_a_server_ends_a_transaction_that_says_nothing_before_its_lines_are_voided(
    postgres_database: str,
) -> None:
    engine = writing_engine(postgres_database, 1.0)
    with engine.connect() as connection:
        longest = text(
            "SELECT extract(epoch FROM current_setting('idle_in_transaction_session_timeout')::interval)"
        )
        assert 0 < float(connection.scalar(longest) or 0) < WAIT_SECONDS
    engine.dispose()
