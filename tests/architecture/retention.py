"""Writes out what is kept, how, and how long: `python -m tests.architecture.retention > docs/trust/retention.md`.

Which columns lie open comes from the tables, and each number from where the program reads it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy import Table

from trim_bot.domain.policy import POLICY
from trim_bot.domain.site import Site
from trim_bot.storage import tables as t
from trim_bot.storage.columns import FIELDS, PRIVACY, Privacy
from trim_bot.storage.keys.key_tables import metadata as key_tables
from trim_bot.storage.ledger.ledger_tables import metadata as ledger_tables
from trim_bot.storage.sweeps.retention import ANSWER, SHORT
from trim_bot.storage.sweeps.revocation_sweep import SHORTEST_DAYS

HEAD = """# What is kept, and how long

Every table of the three stores, what of it lies open, and when it goes. Written from the tables and the numbers of the
program by `make retention`; a test keeps it true, and fails where a table is left out. Two numbers are the site's, in
[the site file](../site-file.md): `keep_closed_days` and `erase_days`. What runs the clock of each is a sweep, every six
hours; on request [an erasure](../operate.md#erasure) goes before any of it.
"""


def default(name: str) -> int:
    """What the site file has unless it says otherwise."""
    found = inspect.signature(Site).parameters[name].default
    assert isinstance(found, int)
    return found


def days(time: timedelta) -> str:
    """Such as `30 days`."""
    return f"{time.days} days"


def hours(time: timedelta) -> str:
    """Such as `12 hours`."""
    return f"{time // timedelta(hours=1)} hours"


CLOSED = f"`keep_closed_days` after its end ({default('keep_closed_days')} unless set)"
ERASED = "until the person is erased, by themselves or on request"
GOOD = "for good"
SHORTLY = f"{days(SHORT)} after its end"
BACKUPS = f"while a key backup may live (`erase_days`, {default('erase_days')} unless set; at least {SHORTEST_DAYS})"

DATA: Mapping[str, tuple[str, str]] = {
    "account": ("addresses in chat and on the web", ERASED),
    "beginning": ("the day the desk began", GOOD),
    "bulletin": ("published figures", GOOD),
    "check_in": ("windows of talks", f"with its case: {CLOSED}"),
    "counted_person": (
        "marks that somebody was counted",
        "until the period is published; that they ever came, for good",
    ),
    "counting_since": ("since when people are counted", GOOD),
    "counts": ("figures of weeks and quarters", GOOD),
    "erasure_asked": ("erasures asked for", "until carried out, about a minute"),
    "exposure": ("who was part of an event", "with its offer or event"),
    "founding": ("when the founding ended", GOOD),
    "grant_request": (
        "roles asked for, and who agreed",
        f"{days(POLICY.asked_roles_kept)} after it was settled or lapsed",
    ),
    "greeting": ("that an account was welcomed", "until its owner left and is erased"),
    "incident": (
        "hard events",
        "`keep_closed_days` after it was logged, once nothing that is kept came of it",
    ),
    "installation": ("access to a Slack workspace", "until the app is taken out there"),
    "interview": ("answers and notes", f"with its case: {CLOSED}"),
    "joined_member": ("that a member was two before", ERASED),
    "journal": ("who did, read or was refused what", GOOD),
    "kept_page": (
        "what shows a page again that a browser saw, sealed with what it holds",
        f"{hours(POLICY.session_lasts)}, or until it is signed out",
    ),
    "member": ("people", ERASED),
    "meta": ("notes of the program to itself", "until replaced"),
    "next_look": ("when the clock looks at what next", "until replaced"),
    "note_sent": ("when the monthly note went out", GOOD),
    "offer": ("offers and answers", "`keep_closed_days` after it was answered or ran out, or with its case"),
    "organisation": ("the employer, by slug", GOOD),
    "outgoing": ("messages, without text", SHORTLY),
    "briefing": ("group briefings", "with their event"),
    "briefing_invite": (
        "who was told of a briefing, and what they noted for themselves",
        "with the person or the event",
    ),
    "planned_event": ("that an event is planned first", "with its event"),
    "referral": ("help arranged", f"with its case: {CLOSED}"),
    "reporting_line": ("who manages whom, as digests", "until taken out of the site file"),
    "role_grant": ("roles", "until ended, or the person is erased"),
    "session": (
        "signed-in browsers and one-time links",
        f"{hours(POLICY.session_lasts)}; links {POLICY.link_lasts.seconds // 60} minutes; "
        f"codes {POLICY.code_lasts.seconds // 60} minutes",
    ),
    "site": ("settings of the site", "until replaced"),
    "step": ("what waits for somebody", "`keep_closed_days` after it was due, or with what it is about"),
    "stored_outcome": ("what a form led to, for a replay", days(SHORT)),
    "support_case": ("talks of one person", CLOSED),
    "support_request": ("requests for support", f"{CLOSED}; an answer nobody has read up to {days(ANSWER)}"),
    "taking_back": ("that a taking-back was committed", "until the ledger has settled it, minutes"),
    "training": ("training", "until the person is erased"),
    "week_status": ("the statement of a closed week", GOOD),
    "workspace": ("which chat belongs to whom", "until disconnected"),
}
KEYS: Mapping[str, tuple[str, str]] = {
    "data_keys": ("data keys, each wrapped", "until what they seal is erased"),
    "spare_keys": ("which keys nobody has taken", "until taken"),
    "unused_keys": ("keys that nothing uses", f"{days(POLICY.unused_key_kept)}, then destroyed"),
    "keys_in_hand": ("keys a process has ready", "until used or given back"),
    "generations": ("marks that data and keys belong together", GOOD),
    "key_store_facts": ("which keyring this is", GOOD),
}
LEDGER: Mapping[str, tuple[str, str]] = {
    "ledger_lines": ("what was erased, by ids that lead nowhere", GOOD),
    "ledger_digests": ("the chain over it", GOOD),
    "ledger_takings": ("what was taken back, as keyed digests with a day", BACKUPS),
    "ledger_facts": ("which ledger this is", GOOD),
}


def columns(table: Table, privacy: Privacy) -> str:
    """The columns of one kind; of those that are sealed or keyed, the fields they stand for."""
    found = [one for one in table.columns if one.info.get(PRIVACY) is privacy and one.name != "organisation"]
    names = [name for one in found for name in one.info.get(FIELDS, (one.name,))]
    return ", ".join(names) or "—"


def lines() -> Iterator[str]:
    """The document, line by line."""
    yield HEAD
    yield "## Data\n"
    yield "| table | what | lies open | keyed digest | sealed | kept |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for table in sorted(t.metadata.tables.values(), key=lambda one: one.name):
        what, kept = DATA[table.name]
        cells = [columns(table, one) for one in (Privacy.OPEN, Privacy.KEYED, Privacy.SEALED)]
        yield f"| `{table.name}` | {what} | {' | '.join(cells)} | {kept} |"
    for title, tables, told in (("Keys", key_tables, KEYS), ("Ledger", ledger_tables, LEDGER)):
        yield f"\n## {title}\n"
        yield "| table | what | columns | kept |"
        yield "| --- | --- | --- | --- |"
        for name, table in sorted(tables.tables.items()):
            what, kept = told[name]
            yield f"| `{name}` | {what} | {', '.join(one.name for one in table.columns)} | {kept} |"
    yield "\n## Outside the stores\n"
    yield "| what | kept |"
    yield "| --- | --- |"
    yield "| backup, data file | yours to delete; without `keys.jsonl.gz` and keyring no word in it can be read |"
    until = f"`erase_days`, {default('erase_days')} unless set"
    yield f"| backup, key file | delete it on the day in its manifest: {until} |"
    yield "| the desk's log | where you send it; it holds fixed words, opaque ids and a reference, nothing of people |"
    yield "| your proxy's log | yours to settle; see that it keeps no address of `/sign-in` |"
    yield "| messages in Slack or Teams | as that workspace keeps messages: one text and a random handle |"


def document() -> str:
    """The whole document."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
