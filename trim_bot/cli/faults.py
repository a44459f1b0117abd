"""What went wrong in a command: one safe line, and one of four exit codes."""

from __future__ import annotations

import os
import re
import sys
from enum import IntEnum
from functools import partial
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from integrations.web.help_file import HelpFileNotWritten
from trim_bot.app.definitions import StillNeeded
from trim_bot.app.workspaces.founding import BadSlug, WhichOrganisation
from trim_bot.app.workspaces.greeting import NotSetUp
from trim_bot.app.workspaces.site_in_force import AppliedInPart
from trim_bot.bootstrap.process_log import described
from trim_bot.bootstrap.readiness import Closed, reason_of, unavailable_words, words_of
from trim_bot.bootstrap.store_opening import AnotherDesk
from trim_bot.cli.missing_stores import no_store_words
from trim_bot.cli.printing import ask, begin_answer, has_told_json, say_aside, say_json
from trim_bot.crypto.errors import CryptoError
from trim_bot.domain.errors import RecordAltered, SafeError, StoreUnavailable
from trim_bot.settings.checks import SettingsErrors
from trim_bot.settings.environment import KEYRING
from trim_bot.settings.unknown_variables import unknown_here
from trim_bot.storage.backup.private_folder import FolderUnusable
from trim_bot.storage.backup.restore import AnchorMissing
from trim_bot.storage.backup.taking_backup import BackupRefused
from trim_bot.storage.backup.what_is_there import NotEmpty
from trim_bot.storage.consistency.identity import StoresMismatched
from trim_bot.storage.errors import OtherKeyring, OtherLedger
from trim_bot.storage.journal_check import AnchorExists
from trim_bot.storage.ledger.anchor import AnchorUnreadable
from trim_bot.storage.ledger.ledger_copies import CopyRefused
from trim_bot.storage.organisation_removal import OrganisationInUse
from trim_bot.storage.row_security import NotTheOwner
from trim_bot.storage.schema_version import NewerSchema
from trim_bot.storage.small_stores import NoStore
from trim_bot.storage.usage_lock import InUse


class ExitCode(IntEnum):
    """The exit code that a command ends with."""

    GOOD = 0
    """It did what it says."""
    FAULT = 1
    """It found a fault."""
    MISUSE = 2
    """It was called in a way that makes no sense, or the environment does not."""
    REFUSED = 3
    """It will not: a key, a lock, or an answer of no."""


class Misuse(SafeError):
    """The command was called in a way that makes no sense; the text says how to mend it."""


class CommandRefused(SafeError):
    """The command will not do this; the text says why."""


_MISUSE = (Misuse, BadSlug, WhichOrganisation)
_REFUSED = (
    CommandRefused,
    HelpFileNotWritten,
    AnotherDesk,
    AnchorExists,
    Closed,
    CryptoError,
    StoreUnavailable,
    NoStore,
    OtherKeyring,
    OtherLedger,
    StoresMismatched,
    AppliedInPart,
    AnchorMissing,
    AnchorUnreadable,
    InUse,
    NewerSchema,
    NotTheOwner,
    NotEmpty,
    NotSetUp,
    OrganisationInUse,
    BackupRefused,
    FolderUnusable,
    StillNeeded,
    CopyRefused,
)


def exit_code(error: SafeError) -> ExitCode:
    """The exit code of an error."""
    if isinstance(error, _MISUSE):
        return ExitCode.MISUSE
    return ExitCode.REFUSED if isinstance(error, _REFUSED) else ExitCode.FAULT


_ASKED_JSON = "trim_bot.json"


class ReportingGroup(TyperGroup):
    """Runs a command and says what went wrong, without a word of what was being kept.

    For people it is a sentence on standard error. With `--json` it is the one document of the answer, with a code.
    """

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Note whether a program asks, also where the rest makes no sense."""
        begin_answer()
        ctx.meta[_ASKED_JSON] = as_json = "--json" in args
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            if not (as_json and _is_usage(error)):
                raise
            # What stands before the command's own name is read here, outside of any command.
            _tell("misuse", _usage(error), ExitCode.MISUSE, as_json=True)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the command; what it raises is said, and becomes an exit code."""
        begin_answer()
        tell = partial(_tell, as_json=bool(ctx.meta.get(_ASKED_JSON)))
        try:
            return super().invoke(ctx)
        except SettingsErrors as errors:
            lacking = errors.names == {KEYRING} and not os.environ.get(KEYRING)
            faults = [*map(str, errors.faults), *map(str, unknown_here(os.environ))]
            tell("settings", "\n".join(faults), ExitCode.REFUSED if lacking else ExitCode.MISUSE)
        except SafeError as error:
            tell(_code(error), _said(error), exit_code(error))
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except OSError as error:
            what = error.filename if isinstance(error.filename, str) else "That file or folder"
            tell("file", f"{what} cannot be written or read.", ExitCode.MISUSE)
        except Exception as error:
            if _is_usage(error):
                if not ctx.meta[_ASKED_JSON]:
                    raise
                tell("misuse", _usage(error), ExitCode.MISUSE)
            # Its text may hold anything, so only its kind and place are shown.
            tell("inside", f"Something went wrong inside: {described(error)}.", ExitCode.FAULT)


def _tell(code: str, text: str, ending: ExitCode, *, as_json: bool) -> NoReturn:
    """Say what went wrong, once, and end."""
    if as_json and not has_told_json():
        say_json({"error": {"code": code, "text": text, "exit": ending.value}})
    else:
        for line in text.split("\n"):
            say_aside(line)
    raise typer.Exit(ending) from None


def _code(error: SafeError) -> str:
    """A word that stays the same for the same kind of error: a code of readiness, or the kind's own name."""
    match error:
        case Misuse() | BadSlug() | WhichOrganisation():
            return "misuse"
        case CommandRefused():
            return "refused"
        case Closed() | StoreUnavailable() | StoresMismatched() | OtherLedger():
            return reason_of(error).value
        case _:
            return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__.strip("_")).lower()


def _usage(error: Exception) -> str:
    """What is wrong with how a command was called."""
    message = getattr(error, "format_message", None)
    return str(message()) if callable(message) else str(error)


def _said(error: SafeError) -> str:
    match error:
        case StoreUnavailable():
            return unavailable_words(error)
        case NoStore():
            return no_store_words(error)
        case StoresMismatched() | OtherLedger():
            return words_of(error)
        case RecordAltered() if error.table:
            return words_of(error)
        case _:
            return _sentence(str(error))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) or "\n" in text else f"{text}."


def _is_usage(error: Exception) -> bool:
    return hasattr(error, "exit_code") and hasattr(error, "show")


Json = Annotated[bool, typer.Option("--json", help="Answer with JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]
Organisation = Annotated[
    str | None,
    typer.Option("--organisation", metavar="SLUG", help="Which organisation, when there are several."),
]


def can_ask() -> bool:
    """Whether somebody sits at the terminal who can answer."""
    return sys.stdin.isatty()


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something that cannot be undone. Raises CommandRefused unless the answer is yes."""
    if yes:
        return
    if not can_ask():
        raise CommandRefused("Nothing was changed: this asks first, or takes --yes")
    if not ask(question):
        raise CommandRefused("Nothing was changed")
