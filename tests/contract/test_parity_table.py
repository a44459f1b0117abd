"""The table of features and platforms is written down as it is, and no lack stands there without a reason."""

from tests.contract.parity_table import PATH, WHY_NOT, needed, table
from trim_bot.app.desk.describing import describe


def test_the_written_table_is_what_the_platforms_have() -> None:
    assert PATH.read_text("utf-8") == table(), "run: make goldens"


def test_every_reason_is_needed() -> None:
    assert set(WHY_NOT) == needed()


def test_every_button_that_has_words_stands_somewhere() -> None:
    written = table()
    for action, told in describe()["actions"].items():
        assert not told["labels"] or f"| `{action}` |" in written, action
