"""A folder that takes no lock file is told as trouble of that store, with its cause."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from trim_bot.domain.errors import StoreTrouble, StoreUnavailable
from trim_bot.storage.usage_lock import UsageLock


@pytest.mark.parametrize(
    ("code", "trouble"), [(errno.EROFS, StoreTrouble.READ_ONLY), (errno.ENOSPC, StoreTrouble.FULL)]
)
def test_a_folder_that_takes_no_lock_file_is_named_with_its_cause(
    code: int, trouble: StoreTrouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise OSError(code, "refused")

    monkeypatch.setattr("trim_bot.storage.usage_lock.os.open", refused)
    with pytest.raises(StoreUnavailable) as raised:
        UsageLock(f"sqlite:///{tmp_path / 'ledger.db'}").take()
    assert (raised.value.trouble, raised.value.database) == (trouble, str(tmp_path / "ledger.db"))


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True)], ids=["restore", "desk"])
def test_whoever_comes_right_after_it_ended_is_let_in_before_the_server_noticed_its_connection(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch, *, first: bool, second: bool
) -> None:
    ended, next_one = UsageLock(postgres_database, alone=first), UsageLock(postgres_database, alone=second)
    ended.take()
    connection = ended._connection
    assert connection is not None
    with monkeypatch.context() as patch:
        patch.setattr(connection, "close", lambda: None)
        ended.close()
        try:
            next_one.take()
        finally:
            next_one.close()
    connection.close()
