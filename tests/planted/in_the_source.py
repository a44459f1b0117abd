"""The faults that are planted in a copy of the source: each a few words of one file, and the test that fails by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault. `was` stands once in the file."""

    file: str
    was: str
    becomes: str
    found_by: str
    """The test, by its address in pytest."""


_LOOKS, _STORE = "trim_bot/storage/looks.py", "trim_bot/storage/store.py"
_COMMIT, _QUEUE = "trim_bot/storage/group_commit.py", "trim_bot/storage/write_queue.py"
_SMALL, _PAGING = "integrations/web/prepared_page.py", "trim_bot/app/seam/paging.py"
_DUE, _ONE_FAILURE = "tests/storage/test_due_looks.py", "tests/app/clock/test_one_failure_stops_no_other.py"
_GROUP, _FAULTS = "tests/storage/test_group_commit.py", "tests/storage/test_group_faults.py"
_HELP, _LOADED = "tests/adapters/web/test_help_now.py", "tests/architecture/test_what_is_loaded.py"
_STAFF, _NAMES = "tests/app/workspaces/test_staff_lists.py", "tests/unit/test_paging.py"

LOOKS: Mapping[str, Planted] = {
    "a change makes nothing due": Planted(
        _STORE, "            wake(attempt.connection, organisation, tx.written)\n", "",
        f"{_DUE}::test_what_is_written_makes_due_what_it_concerns_and_nothing_else[sqlite]",
    ),
    "a time of a clock that ran ahead is waited for": Planted(
        _LOOKS, '"too_far": now + look.longest', '"too_far": now + 9_999 * look.longest',
        f"{_DUE}::test_a_time_noted_by_a_clock_that_ran_ahead_is_due[sqlite]",
    ),
    "what an older desk never looked at is not looked at": Planted(
        _LOOKS, "        if not self._are_there:", "        if False:",
        f"{_DUE}::test_an_organisation_of_which_nothing_was_noted_is_due[sqlite]",
    ),
    "whoever is founded later is never looked at": Planted(
        "trim_bot/storage/organisations.py", "        connection.execute(insert(looks), begun)\n", "",
        f"{_DUE}::test_an_organisation_that_another_process_founds_later_is_due[sqlite]",
    ),
    "one that cannot be written keeps its looks from all": Planted(
        _LOOKS, "            except SafeError:\n                well = False",
        "            except SafeError:\n                raise",
        f"{_DUE}::test_one_that_cannot_be_written_when_looks_are_made_keeps_none_from_the_others[sqlite]",
    ),
    "what is over is looked at no more": Planted(
        "trim_bot/domain/looks.py", "    return min(at, latest) if at is not None and at > now else latest",
        "    return min(at, latest) if at is not None and at > now else now + 9 * look.longest",
        f"{_DUE}::test_what_was_looked_at_is_due_again_in_its_own_time[sqlite]",
    ),
    "a look that fails keeps the ones behind it": Planted(
        "trim_bot/app/clock/looking.py", "            with each.turn():\n                await look()",
        "            await look()",
        f"{_ONE_FAILURE}::test_one_that_cannot_be_read_each_time_keeps_no_other_look_from_anybody",
    ),
    "three without settings are a store that is away": Planted(
        "trim_bot/domain/errors.py", " and not isinstance(fault, NotSettled)", "",
        f"{_ONE_FAILURE}::test_organisations_without_settings_keep_no_look_from_the_others",
    ),
    "a wait that a wrong clock noted is kept": Planted(
        "trim_bot/domain/staff_lists.py", " and real < self.again_at <= real + LONGEST_WAIT",
        " and real < self.again_at",
        f"{_STAFF}::test_a_list_that_a_clock_ran_ahead_of_is_read_once_the_clock_is_right",
    ),
    "a list whose reading failed waits for the next of all": Planted(
        "trim_bot/app/workspaces/staff_lists.py",
        "                    self._waiting[workspace] = organisation, self._outside.clock.real() + AGAIN_AFTER\n",
        "                    self._waiting[workspace] = organisation, self._outside.clock.real() + 99 * AGAIN_AFTER\n",
        f"{_STAFF}::test_a_reading_that_failed_is_tried_again_soon",
    ),
}  # fmt: skip
"""Somebody, or a whole organisation, is looked at no more."""

LISTS: Mapping[str, Planted] = {
    "the number of the last row is the place": Planted(
        _PAGING, "    return next((n for n in range(first, len(marks)) if marks[n] not in met), len(marks))",
        "    return max(n for n, mark in enumerate(marks) if mark in met) + 1",
        f"{_NAMES}::test_in_the_order_of_names_nobody_is_passed_over_where_one_stands_elsewhere_by_now",
    ),
    "where the whole page has gone the next is passed over": Planted(
        _PAGING, "    if first is None:\n        return 0", "    if first is None:\n        return len(met)",
        f"{_NAMES}::test_in_the_order_of_names_nobody_is_passed_over_where_some_have_gone",
    ),
    "whoever asked to be erased is found no more": Planted(
        "trim_bot/app/people/people_list.py", ", *asked]", "]",
        "tests/app/people/test_people_list.py::test_the_list_is_the_same_whatever_anybody_did",
    ),
}  # fmt: skip
"""A list hides somebody, or tells of them."""

SMALL_AND_LOADED: Mapping[str, Planted] = {
    "help is sent whole": Planted(
        _SMALL, '        small = takes_gzip(request.headers.get("accept-encoding", ""))', "        small = False",
        f"{_HELP}::test_help_is_sent_small_and_kept_for_a_short_while",
    ),
    "help is sent small to whoever cannot read that": Planted(
        _SMALL, 'takes_gzip(request.headers.get("accept-encoding", ""))', "True",
        f"{_HELP}::test_help_is_sent_small_and_kept_for_a_short_while",
    ),
    "one who refuses it gets it small": Planted(
        _SMALL, 'not one.strip("q=0.")', "one == 'q=0'", f"{_HELP}::test_only_who_takes_it_gets_it_small",
    ),
    "one mark stands for both": Planted(
        _SMALL, "{self.mark}-small", "{self.mark}", f"{_HELP}::test_help_is_sent_small_and_kept_for_a_short_while",
    ),
    "help stays as it was drawn first": Planted(
        "integrations/web/help_pages.py", " or self._of[0] is not given", "",
        f"{_HELP}::test_help_is_drawn_once_for_a_country_as_long_as_numbers_and_day_are_the_same",
    ),
    "a start loads what migrates": Planted(
        "trim_bot/storage/migrate.py", "from sqlalchemy import Connection, inspect",
        "import alembic.command\nfrom sqlalchemy import Connection, inspect",
        f"{_LOADED}::test_a_desk_for_slack_alone_loads_what_it_needs",
    ),
    "a start loads an HTTP client": Planted(
        "trim_bot/crypto/keyring_places.py", "import os\n", "import os\nimport httpx\n",
        f"{_LOADED}::test_a_desk_for_slack_alone_loads_what_it_needs",
    ),
    "a command loads all of them": Planted(
        "trim_bot/cli/__init__.py", "from trim_bot.cli.version import version_line\n",
        "import trim_bot.cli.app\nfrom trim_bot.cli.version import version_line\n",
        f"{_LOADED}::test_a_command_loads_what_it_needs[--version-]",
    ),
}  # fmt: skip
"""A start, a command or the page of help numbers costs more than it need, or cannot be read."""

GROUPS: Mapping[str, Planted] = {
    "keys of what was undone are lost": Planted(
        _COMMIT, "                seals.undo()", "                pass",
        f"{_FAULTS}::test_keys_of_undone_bodies_are_used_for_the_next[sqlite]",
    ),
    "keys of a commit that is not known are given back": Planted(
        _COMMIT, "        if one.fault is not None and one.stage is not CommitStage.COMMITTING:",
        "        if one.fault is not None:",
        f"{_FAULTS}::test_keys_are_given_back_to_nobody_once_the_commit_was_asked_for[sqlite]",
    ),
    "what was opened is paid for at each run": Planted(
        _COMMIT, "        self.openings.admit(body.organisation, fresh, body.purpose)",
        "        self.openings.admit(body.organisation, fresh, body.purpose)\n"
        "        self.openings.count(opened, body.purpose.use)",
        f"{_FAULTS}::test_one_that_opens_too_much_is_held_back_alone_and_nothing_is_paid_twice[sqlite]",
    ),
    "a form that comes back is paid for at each run": Planted(
        _COMMIT, "fresh = [key for key in opened if key not in body.admitted]", "fresh = opened",
        "tests/storage/test_bound_on_openings.py::test_a_form_that_comes_back_counts_for_what_it_shows_once",
    ),
    "a form that comes back is not counted": Planted(
        _COMMIT, "        except Undo:", "        except ZeroDivisionError:",
        "tests/storage/test_bound_on_openings.py::test_a_form_that_comes_back_counts_for_what_it_shows_once",
    ),
    "whoever was cancelled is run": Planted(
        _QUEUE, "        if lane[0].answer.cancelled():", "        if False:",
        f"{_FAULTS}::test_whoever_is_cancelled_before_their_turn_is_not_run[sqlite]",
    ),
    "a commit of those before a fault that is not known is made again": Planted(
        _COMMIT, "            is_over = again.fault is None or again.stage is CommitStage.COMMITTING",
        "            is_over = again.fault is None",
        f"{_FAULTS}::test_where_the_commit_of_those_before_a_fault_is_not_known_each_hears_so_and_none_is_run_again"
        "[sqlite]",
    ),
    "what is left goes behind whoever came later": Planted(
        _QUEUE, "                self._lane_of(one.body).appendleft(one)",
        "                self._lane_of(one.body).append(one)",
        "tests/storage/test_write_queue.py::test_what_is_left_comes_before_whoever_came_later",
    ),
    "whoever was not run yet is told of the fault": Planted(
        _COMMIT, "        ended.left += first.unrun",
        "        ended.failures += [(one, first.fault) for one in first.unrun]",
        f"{_FAULTS}::test_where_one_fails_the_others_commit_as_if_it_had_not_been[sqlite]",
    ),
    "a fault that came of those beside is told": Planted(
        _COMMIT, "        if isinstance(first.fault, _NO_FAULT_OF_OTHERS):", "        if first.fault is not None:",
        f"{_FAULTS}::test_what_failed_beside_others_is_told_only_if_it_fails_by_itself[sqlite]",
    ),
    "something follows a body that was given the connection": Planted(
        _COMMIT, "            if attempt.is_last:\n                return\n", "",
        f"{_GROUP}::test_nothing_follows_a_body_that_was_given_the_connection[sqlite]",
    ),
    "a journal in doubt is written by several": Planted(
        _COMMIT, "register.is_signed and register.broken_at is None", "register.is_signed",
        f"{_GROUP}::test_bodies_of_a_journal_in_doubt_go_one_by_one[sqlite]",
    ),
}  # fmt: skip
"""What several that share a transaction are told, and what becomes of each."""

PLANTED: Mapping[str, Planted] = {**LOOKS, **LISTS, **SMALL_AND_LOADED, **GROUPS}
