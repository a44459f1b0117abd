"""The long lists of the pages on which settings are made and signed, for `lists.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.contract.list_parts import LONG_NAME, Drawn, ids, middle
from trim_bot.app.examples.sample import DEFINITIONS
from trim_bot.app.seam.unsigned import Screen
from trim_bot.app.setting_up.row_screens import list_page
from trim_bot.app.setting_up.settings_shape import SettingList
from trim_bot.app.signing import examples as signing_examples
from trim_bot.app.signing import screens as signing
from trim_bot.domain.ids import PlaceId
from trim_bot.domain.policy import POLICY

ROWS = POLICY.rows_on_a_page


def _signed(many: int) -> list[signing.SignedRow]:
    line = signing_examples.BOTH
    return [signing.SignedRow(id, LONG_NAME, scored=True, line=line, brought=True) for id in ids(many)]


def _questions(many: int) -> Screen:
    asking = next(iter(DEFINITIONS.questionnaires.values()))
    items = [replace(next(asking.items()), id=id) for id in ids(many)]
    return signing.questionnaire_page(asking, middle(items), None, brought=True)


def _setting_rows(many: int) -> Screen:
    row: dict[str, object] = {"label": LONG_NAME, "number": LONG_NAME, "source": LONG_NAME, "place": "IE"}
    rows = middle([(n, dict(row)) for n in range(many)])
    return list_page(SettingList.NUMBERS, PlaceId(""), rows, "seen", LONG_NAME, set(range(many)))


SETTING_LISTS: Mapping[str, Drawn] = {
    "setting_list": Drawn(ROWS, _setting_rows),
    "signing_page": Drawn(ROWS, lambda many: signing.signing_page(middle(_signed(many)))),
    "questionnaire_page": Drawn(ROWS, _questions),
}
