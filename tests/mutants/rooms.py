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
        ("trim_bot/app/seam/access.py", "trim_bot/app/cases/entitled.py"),
        (
            "tests/architecture/test_access_table.py",
            "tests/app/test_entitled.py",
            "tests/app/test_entitled_steps.py",
            "tests/app/test_entitled_waiting.py",
            "tests/app/test_entitled_calls.py",
            "tests/app/test_door.py",
            "tests/app/test_safety_call.py",
            "tests/app/test_changing_hands.py",
            "tests/app/test_requests.py",
            "tests/app/test_offers.py",
            "tests/app/test_planning.py",
            "tests/app/test_reporting_lines.py",
            "tests/app/test_referrals.py",
            "tests/app/test_first_contact.py",
            "tests/app/test_reopening.py",
            "tests/app/test_supervision.py",
            "tests/app/test_held_work.py",
            "tests/app/test_not_me.py",
            "tests/app/test_own_record.py",
            "tests/app/test_stopping_signed_out.py",
            "tests/app/test_several_accounts.py",
            "tests/app/test_call_sheets.py",
        ),
    ),
    Room(
        "scoring",
        ("assessments/scoring.py", "assessments/advising.py", "assessments/comparing.py"),
        ("tests/unit/assessments",),
    ),
    Room(
        "ladder",
        ("trim_bot/app/waiting/ladder.py", "trim_bot/app/waiting/due.py"),
        (
            "tests/app/test_still_wanted.py",
            "tests/app/test_looking_again.py",
            "tests/app/test_ladder.py",
            "tests/app/test_planning.py",
            "tests/app/test_safety_call.py",
            "tests/app/test_requests.py",
            "tests/app/test_telling.py",
            "tests/app/test_setbacks.py",
            "tests/app/test_reporting_lines.py",
            "tests/app/test_status.py",
            "tests/app/test_offers.py",
            "tests/app/test_agreed_day.py",
            "tests/app/test_changing_hands.py",
            "tests/app/test_first_contact.py",
            "tests/app/test_supervision.py",
            "tests/app/test_held_work.py",
            "tests/app/test_reopening.py",
            "tests/app/test_not_me.py",
            "tests/app/test_asking_again.py",
            "tests/app/test_leave_ahead.py",
            "tests/app/test_steady.py",
            "tests/app/test_sending.py",
            "tests/app/test_call_sheets.py",
        ),
    ),
)
