"""Which modules are changed on purpose, and the tests that must notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Room:
    """Modules that go together, and the tests of their own room, those that notice soonest first."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self, root: Path) -> list[Path]:
        """Every file of the room, in order of name. Raises LookupError when a pattern names none."""
        found: list[Path] = []
        for pattern in self.modules:
            here = sorted(path for path in root.glob(pattern) if path.name != "__init__.py")
            if not here:
                raise LookupError(f"no module is at {pattern}")
            found += here
        return found


ROOMS = (
    Room(
        "crypto",
        ("trim_bot/crypto/*.py",),
        (
            "tests/unit/crypto/test_written_forms.py",
            "tests/unit/crypto/test_spares.py",
            "tests/unit/crypto/test_data_keys.py",
            "tests/unit/crypto/test_keyring.py",
            "tests/unit/crypto/test_vault.py",
            "tests/unit/crypto",
        ),
    ),
    Room(
        "access",
        ("trim_bot/app/seam/route.py", "trim_bot/app/cases/entitled.py"),
        (
            "tests/architecture/test_access_table.py",
            "tests/app/desk/test_signing.py",
            "tests/app/cases/test_entitled.py",
            "tests/app/cases/test_entitled_steps.py",
            "tests/app/cases/test_entitled_waiting.py",
            "tests/app/cases/test_entitled_as_drawn.py",
            "tests/app/events/test_entitled_call_sheet.py",
            "tests/app/desk/test_door.py",
            "tests/app/safety/test_safety_call.py",
            "tests/app/cases/test_changing_hands.py",
            "tests/app/requests/test_requests.py",
            "tests/app/events/test_offers.py",
            "tests/app/handover/test_planning.py",
            "tests/app/handover/test_reporting_lines.py",
            "tests/app/referrals/test_referrals.py",
            "tests/app/cases/test_first_contact.py",
            "tests/app/cases/test_reopening.py",
            "tests/app/cases/test_supervision.py",
            "tests/app/own/test_held_work.py",
            "tests/app/events/test_not_me.py",
            "tests/app/own/test_own_record.py",
            "tests/app/requests/test_stopping_signed_out.py",
            "tests/app/people/test_several_accounts.py",
            "tests/app/events/test_call_sheets.py",
        ),
    ),
    Room(
        "scoring",
        ("assessments/scoring.py",),
        ("tests/unit/assessments",),
    ),
    Room(
        "ladder",
        ("trim_bot/app/waiting/ladder.py", "trim_bot/app/waiting/due.py"),
        (
            "tests/app/waiting/test_still_wanted.py",
            "tests/app/waiting/test_looking_again.py",
            "tests/app/waiting/test_who_has_it_next.py",
            "tests/app/waiting/test_ladder.py",
            "tests/app/oversight/test_week_sentence.py",
            "tests/storage/test_taken_off_the_end.py",
            "tests/app/handover/test_planning.py",
            "tests/app/safety/test_safety_call.py",
            "tests/app/requests/test_requests.py",
            "tests/app/waiting/test_telling.py",
            "tests/app/clock/test_one_failure_stops_no_other.py",
            "tests/app/handover/test_reporting_lines.py",
            "tests/app/oversight/test_status.py",
            "tests/app/events/test_offers.py",
            "tests/app/cases/test_agreed_day.py",
            "tests/app/cases/test_changing_hands.py",
            "tests/app/cases/test_first_contact.py",
            "tests/app/cases/test_supervision.py",
            "tests/app/own/test_held_work.py",
            "tests/app/cases/test_reopening.py",
            "tests/app/events/test_not_me.py",
            "tests/app/requests/test_asking_again.py",
            "tests/app/handover/test_leave_ahead.py",
            "tests/app/waiting/test_steady.py",
            "tests/app/waiting/test_days_off.py",
            "tests/app/clock/test_sending.py",
            "tests/app/events/test_call_sheets.py",
        ),
    ),
)
