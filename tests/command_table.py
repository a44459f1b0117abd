"""Every command with how it can end: what the table in the documents is written from, and what a test runs.

A new command needs a line here: `"its words": Ends(good=…, …)`. Each case is run without and with `--json`, in the
order of the lines, on one settled deployment; `{n}` is `a` in the first run and `b` in the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from trim_bot.cli.faults import ExitCode


@dataclass(frozen=True, slots=True)
class Case:
    """One way to call a command; without `words` it is told in the table alone, and tried by a test of its own."""

    when: str
    words: str | None = None
    keyring: bool = True
    """Whether the keyring is there."""
    before: tuple[str, ...] = ()
    """Commands that must have been run, and end well."""


@dataclass(frozen=True, slots=True)
class Ends:
    """How one command ends, by the names of the exit codes."""

    good: Case
    json: str
    """What `--json` answers; empty where the command reports nothing."""
    fault: Case | None = None
    misuse: Case | None = None
    refused: Case | None = None

    def cases(self) -> Iterator[tuple[ExitCode, Case]]:
        """Each case with its exit code."""
        for name in (one.name for one in fields(self) if one.name != "json"):
            case = getattr(self, name)
            if case is not None:
                yield ExitCode[name.upper()], case


def _no_keyring(words: str) -> Case:
    return Case("no keyring", words, keyring=False)


def _asks(words: str) -> Case:
    return Case("no yes", words)


ADAM, LENA, PRIYA = "web:adam@example.org", "web:lena@example.org", "web:priya@example.org"
URL = "--url https://peer.example.org"
APP = "--app-id 11111111-2222-4333-8444-555555555555"

COMMANDS: dict[str, Ends] = {
    "demo": Ends(
        Case("ended, or the whole story happened"),
        "",
        Case("the story stopped"),
        refused=Case("port taken", "--port {taken}"),
    ),
    "quickstart": Ends(
        Case("stopped as asked"),
        "",
        misuse=Case("an answer is missing, or makes no sense", "--url http://peer.example.org"),
        refused=Case("an unsafe folder, another desk's environment, port taken, no yes", "--yes"),
    ),
    "serve": Ends(Case("stopped as asked"), "", refused=Case("port taken, another desk", "--port {taken}")),
    "worker": Ends(Case("stopped as asked"), "", refused=Case("on SQLite", "")),
    "migrate": Ends(Case("at this version", ""), "`changed`, `schema`"),
    "site check": Ends(
        Case("the file is good", "{site}"),
        "`good`, `faults`, `doubts`",
        Case("a fault in the file", "{bad}"),
        Case("no such file", "nowhere.toml"),
    ),
    "site apply": Ends(
        Case("in force", "{site}"),
        "`applied`, `faults`, or what changed",
        Case("a fault in the file", "{bad}"),
        Case("no such file", "nowhere.toml"),
        _no_keyring("{site}"),
    ),
    "members grant": Ends(
        Case("given, or held", "administrator web:new{n}@example.org --name New"),
        "`organisation`, `actor`, `role`, `changed`",
        misuse=Case("unknown without a name", "lead web:who@example.org"),
        refused=_no_keyring(f"lead {LENA} --name Lena"),
    ),
    "members train": Ends(
        Case("recorded, or on record", f"{ADAM} --on 2026-01-05"),
        "`actor`, `trained_on`, `until`, `changed`",
        Case("nobody is there, or it is to come", "web:who@example.org --on 2026-01-05"),
        Case("not a day", f"{ADAM} --on soon"),
        _no_keyring(f"{ADAM} --on 2026-01-05"),
    ),
    "greet": Ends(
        Case(
            "everybody is greeted",
            "--yes",
            before=(
                f"members grant lead {LENA} --name Lena",
                f"members grant practitioner {PRIYA} --name Priya",
            ),
        ),
        "`organisation`, `changed`",
        Case("no such organisation", "--organisation nobody"),
        refused=Case("not set up, or no yes", ""),
    ),
    "members revoke": Ends(
        Case("ended", "administrator web:new{n}@example.org"),
        "`actor`, `role`, `changed`, `warning`",
        Case("not held", f"auditor {ADAM}"),
        Case("not an actor", "lead adam"),
        _asks(f"administrator {ADAM}"),
    ),
    "members move-work": Ends(
        Case("it moves", LENA),
        "`actor`, `to`, `stays`",
        Case("nobody is there", "web:who@example.org"),
        Case("not an actor", "lena"),
        Case("not to a practitioner", f"{LENA} --to {ADAM}"),
    ),
    "members list": Ends(
        Case("listed", ""),
        "a list of members",
        Case("no such organisation", "--organisation nobody"),
        refused=_no_keyring(""),
    ),
    "members link": Ends(
        Case("made", ADAM),
        "`actor`, `url`",
        Case("nobody is there", "web:who@example.org"),
        Case("not an actor", "adam"),
    ),
    "members sign-out": Ends(
        Case("ended", ADAM),
        "`actor`, `ended`",
        Case("nobody is there", "web:who@example.org"),
        Case("not an actor", "adam"),
    ),
    "definitions check": Ends(
        Case("no fault", "{programme}"),
        "`good`, `files`, `faults`, `from_now_on`",
        Case("a fault in a file", "{bad}"),
        Case("no such file", "nowhere.toml"),
    ),
    "definitions list": Ends(Case("listed", ""), "a list of definitions", refused=_no_keyring("")),
    "definitions import": Ends(
        Case("brought in, or what would be", "{programme_n}"),
        "`good`, `files`, `faults`, `from_now_on`",
        Case("a fault, or there already", "{bad}"),
        Case("no such file", "nowhere.toml"),
        _asks("{second}"),
    ),
    "definitions retire": Ends(
        Case("retired", "own_{n} 1"),
        "`definition`, `retired`, `changed`, `from_now_on`",
        Case("no such definition", "nothing 1"),
        Case("not a version", "own_a first"),
        Case("still needed, no yes", "trim_style 1"),
    ),
    "definitions restore": Ends(
        Case("used again", "own_{n} 1"),
        "`definition`, `retired`, `changed`, `from_now_on`",
        Case("no such definition", "nothing 1"),
        Case("not a version", "own_a first"),
    ),
    "erase": Ends(
        Case("erased", "web:new{n}@example.org --yes"),
        "`erased`",
        Case("nothing is there", "nothing --yes"),
        Case("not an actor", "a:b --yes"),
        _asks(ADAM),
    ),
    "export": Ends(
        Case("written", ADAM),
        "the copy itself; `actor`, `file` with `--file`",
        Case("nobody is there", "web:who@example.org"),
        Case("unwritable file", f"{ADAM} --file nowhere/copy.json"),
        Case("the file is there", f"{ADAM} --file {{site}}"),
    ),
    "retention run": Ends(
        Case("done", ""),
        "counts of what went",
        Case("clock not believed, too many unused keys"),
        refused=_asks("--accept-unused"),
    ),
    "journal verify": Ends(
        Case("whole, and proved", ""),
        "`whole`, `anchored`, `proved`, `faults`",
        Case("not whole, or not proved", "--anchor nowhere.json"),
        Case("no place for the anchor", "--new"),
        _no_keyring(""),
    ),
    "journal accept": Ends(Case("signed", "--yes"), "`signed`, `roles`", refused=_asks("")),
    "breach report": Ends(
        Case("reported", "--store data --yes"),
        "`stores`, `organisations`",
        Case("somebody cannot be named", "--store data --yes --organisation nobody"),
        Case("no such store", "--store nothing"),
        _asks("--store data"),
    ),
    "backup": Ends(
        Case("written", "kept-{n}"),
        "`directory`, `rows`, `delete_keys_by`, `schema`",
        misuse=Case("unwritable folder", "{site}/below"),
        refused=Case("the folder holds something, or its disk is full", "kept-a"),
    ),
    "restore": Ends(
        Case("brought back"),
        "what came back, and what was done again",
        Case("something in it cannot be read, the journal does not hold, or no backup", "."),
        refused=_asks("kept-a"),
    ),
    "drill": Ends(
        Case("a backup of now can be restored", ""),
        "`good`, `failed`, `next`, `steps`, `folder`, `left`, `kept`, and what was counted",
        Case("a step failed", "--keep {folder}"),
        refused=_no_keyring(""),
    ),
    "ledger copy": Ends(
        Case("copied", "copied-{n}"), "what was copied", refused=Case("another ledger is there")
    ),
    "ledger move": Ends(Case("moved"), "where it is", refused=_asks("sqlite:///{folder}/moved.db")),
    "doctor": Ends(
        Case("nothing fails", ""), "a list of findings", Case("something fails", "", keyring=False)
    ),
    "alerts test": Ends(
        Case("every way took it"),
        "a list of ways",
        Case("a way did not, or there is none", ""),
    ),
    "describe": Ends(Case("told", ""), "everything there is"),
    "database roles": Ends(
        Case("printed"),
        "`logins`, `sql`",
        misuse=Case("not one word", "--prefix Two-words"),
        refused=Case("on SQLite", ""),
    ),
    "keys new": Ends(
        Case("made", "new-{n}.key"),
        "`file`, `fingerprint`, `setting`",
        misuse=Case("no such folder", "nowhere/new.key"),
        refused=Case("the file is there", "{site}"),
    ),
    "keys status": Ends(Case("it belongs", ""), "what is known of it", refused=_no_keyring("")),
    "keys rotate": Ends(Case("moved", "--yes"), "`moved`, `master_keys`, `newest`", refused=_asks("")),
    "keys copy": Ends(
        Case("written", "file:{folder}/copy-{n}.key"),
        "`fingerprint`, `kept`",
        refused=Case("another keyring is there, or none here", "file:{folder}/other.key", keyring=False),
    ),
    "organisations list": Ends(Case("listed", ""), "a list of organisations", refused=_no_keyring("")),
    "organisations rename": Ends(
        Case("renamed", "{slug} {slug} --yes"),
        "`organisation`, `renamed_from`, `changed`",
        Case("no such organisation", "nobody other"),
        Case("not a short name", "{slug} Other"),
        _asks("{slug} other"),
    ),
    "organisations disconnect": Ends(
        Case("taken off", "slack:T{n} --yes", before=("site apply {site} --workspace slack:T{n}",)),
        "`workspace`, `organisation`, `changed`",
        Case("not connected", "slack:TNONE --yes"),
        Case("not a workspace", "TNONE"),
        Case("people are known from there, or no yes"),
    ),
    "organisations remove": Ends(
        Case(
            "removed",
            "empty-{n} --yes",
            before=(
                "members grant auditor web:eve{n}@example.org --name Eve --organisation empty-{n}",
                "members revoke auditor web:eve{n}@example.org --organisation empty-{n}",
            ),
        ),
        "`organisation`, `removed`",
        Case("no such organisation", "nobody --yes"),
        refused=Case("in use, or no yes", "{slug} --yes"),
    ),
    "manifest slack": Ends(
        Case("printed", URL),
        "the manifest, also without it",
        Case("a fault in the site file", f"{URL} --site {{bad}}"),
        Case("not an https address", "--url http://x"),
    ),
    "manifest teams": Ends(
        Case("printed", f"{URL} {APP}"),
        "the manifest; `file`, `bytes`, `version` with `--out`",
        Case("a fault in the site file", f"{URL} {APP} --site {{bad}}"),
        Case("no app id", URL),
    ),
}


def table() -> list[str]:
    """The rows of the table, as the documents have it."""
    rows = ["| Command | 0 | 1 | 2 | 3 | `--json` |", "| --- | --- | --- | --- | --- | --- |"]
    for words, ends in COMMANDS.items():
        told = {code: case.when for code, case in ends.cases()}
        cells = [told.get(code, "") for code in ExitCode]
        cells[ExitCode.MISUSE] = cells[ExitCode.MISUSE] or "no such option"
        rows.append(f"| `{words}` | {' | '.join(cells)} | {ends.json or 'none'} |")
    return rows


if __name__ == "__main__":
    print("\n".join(table()))
