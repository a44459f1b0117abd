"""Examples of what administrators see while they set an organisation up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from trim_bot.app.examples.sample import LINK, NOW, Example, Mended, Sample
from trim_bot.app.seam import mending
from trim_bot.app.seam.paging import whole
from trim_bot.app.setting_up import checklist_screens, file_screens, row_screens
from trim_bot.app.setting_up import settings_screens as screens
from trim_bot.app.setting_up.checklist import ConnectedChat, SetUpFacts, standings
from trim_bot.app.setting_up.differences import differs
from trim_bot.app.setting_up.held_rows import rows_in
from trim_bot.app.setting_up.settings_shape import SettingGroup, SettingList
from trim_bot.app.site_file.reading import DEFAULT_NAME
from trim_bot.app.site_file.writing import values_of
from trim_bot.domain.ids import MAIN_PLACE, PlaceId
from trim_bot.domain.people import Platform, Role
from trim_bot.domain.site import OutsideWay

SCORED = (("trauma_first_v1", "First talk"), ("trauma_month_v1", "Month talk"))
LEFT = file_screens.left_aside(3, 12)
SHOWN_GROUPS = (SettingGroup.HOURS, SettingGroup.NOTICE, SettingGroup.TIMES)
WHOLE = {Role.ADMINISTRATOR: 1, Role.COORDINATOR: 1, Role.LEAD: 1, Role.DEPUTY: 2}


def views(sample: Sample) -> dict[str, Example]:
    """The set-up list of a new organisation, of one on its way, and of one that has done it all."""
    site = sample.site
    new = replace(site, name=DEFAULT_NAME, services=(), country="IE")
    rung = tuple(replace(one, verified_on=date(2026, 10, 1)) for one in site.numbers)
    done = replace(site, numbers=rung, outside=(OutsideWay("The ombudsperson", "Ring 01632 960301"),))
    slack = ConnectedChat("slack", Platform.SLACK, "", taken=False, reaches=True)
    teams = ConnectedChat("teams", Platform.TEAMS, "", taken=True, reaches=True)
    second = replace(slack, key="second", name="T0SECOND", reaches=False)
    three = (replace(slack, name="T0FIRST"), second, teams)
    values = values_of(site)
    numbers = list(enumerate(rows_in(values, SettingList.NUMBERS)))
    place = {"id": "far", "name": "Dublin depot", "zone": "Europe/Dublin", "country": "IE"}
    keeping = screens.group_form(values, SettingGroup.KEEPING, "seen")
    import_again = file_screens.looked_form("seen", "name = …", (differs("Country", "GB", "IE"),) * 30, LEFT)
    groups = {f"setting_group/{one.value}": screens.group_form(values, one, "seen") for one in SHOWN_GROUPS}
    return {
        **groups,
        "setting_row/new_threshold": row_screens.row_form(
            SettingList.THRESHOLDS, MAIN_PLACE, None, {}, "seen", SCORED
        ),
        "settings/all": screens.settings_page(values),
        "setting_group/to_mend": Mended(
            keeping, {"erase_days": mending.whole_number(1, 90)}, {"erase_days": "0"}
        ),
        "setting_list/numbers": row_screens.list_page(
            SettingList.NUMBERS, MAIN_PLACE, whole(numbers), "seen", "", {1}
        ),
        "setting_list/none": row_screens.list_page(
            SettingList.OUTSIDE, MAIN_PLACE, whole(()), "seen", "", set()
        ),
        "setting_list/of_place": row_screens.list_page(
            SettingList.NUMBERS, PlaceId("far"), whole(numbers), "seen", "Dublin depot", set()
        ),
        "setting_row/number": row_screens.row_form(SettingList.NUMBERS, MAIN_PLACE, 1, numbers[1][1], "seen"),
        "setting_row/place": row_screens.row_form(SettingList.PLACES, MAIN_PLACE, 0, dict(place), "seen"),
        "site_file/open": file_screens.export_page("name = …", LINK),
        "site_import/open": file_screens.import_form(),
        "site_apply/differs": import_again,
        "site_apply/same": file_screens.looked_form("seen", "name = …", ()),
        "site_import/to_mend": Mended(
            file_screens.import_form(),
            {"file": file_screens.faults_of_file([(3, "“slug” is missing.")] * 12)},
            {"file": "a"},
        ),
        "set_up/new": _page(SetUpFacts(new, NOW.date(), {Role.ADMINISTRATOR: 1}, 0, (slack,))),
        "set_up/on_its_way": _page(SetUpFacts(site, NOW.date(), WHOLE, 1, (replace(slack, reaches=False),))),
        "set_up/browser_only": _page(SetUpFacts(site, NOW.date(), WHOLE, 2, ())),
        "set_up/done": _page(SetUpFacts(done, NOW.date(), WHOLE, 4, (teams,))),
        "set_up/several_chats": _page(SetUpFacts(done, NOW.date(), WHOLE, 4, three)),
        "set_up/each_took_one": _page(
            SetUpFacts(done, NOW.date(), WHOLE, 4, tuple(replace(one, taken=True) for one in three))
        ),
    }


def _page(facts: SetUpFacts) -> Example:
    return checklist_screens.checklist_page(facts, standings(facts))
