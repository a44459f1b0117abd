"""What an administrator reads of whatever stands in the way of serving, and of a store that cannot be used."""

from __future__ import annotations

from typing import assert_never

from trim_bot.app.watch.not_ready import NotReady
from trim_bot.domain.errors import StoreTrouble
from trim_bot.domain.outages import OutagePart

PLAIN_WORDS = {
    NotReady.STARTING: "The desk is starting.",
    NotReady.SETTINGS: "The environment does not fit. Run trim-bot doctor with it: it says what is wrong with each "
    "variable.",
    NotReady.KEYS_MISSING: "There is no keyring at the address in TRIM_BOT_KEYRING.",
    NotReady.KEYS_UNREADABLE: "The keyring cannot be read. Its file needs mode 0600 and must be whole.",
    NotReady.KEYS_WRONG: "This keyring does not belong to the stored keys.",
    NotReady.KEY_SERVICE_AWAY: "The key service does not answer. Look at its address, and whether it is unsealed.",
    NotReady.KEY_SERVICE_REFUSED: "The key service does not open this keyring. Look at its token and key.",
    NotReady.DATABASE: "A database does not answer.",
    NotReady.OPENING_FAILED: "The desk could not be opened, and does not know why. See the log: opening failed.",
    NotReady.DISK_FULL: "The disk under a database is full.",
    NotReady.READ_ONLY: "A database can be read and not written.",
    NotReady.DAMAGED: "A database is damaged. Keep its file, and restore the newest backup.",
    NotReady.BUSY: "Another process keeps a database locked.",
    NotReady.LOGIN_REFUSED: "The login of a database may not do what this process does. See trim-bot database roles.",
    NotReady.NOT_LET_IN: "The server of a database does not let the desk in. Check name and password in its address.",
    NotReady.DATA_MISSING: "The database is empty, but there are stored keys. Check DATABASE_URL.",
    NotReady.DATA_OLDER: "This is an older copy of the data than its keys know. Check DATABASE_URL, or use restore.",
    NotReady.KEY_STORE_WRONG: "Data and key store do not belong together. Check KEYSTORE_URL and DATABASE_URL.",
    NotReady.KEY_STORE_OLDER: "This is an older copy of the keys than the data knows. Check KEYSTORE_URL.",
    NotReady.MIGRATIONS_PENDING: "The database belongs to an earlier version. Run trim-bot migrate.",
    NotReady.NEWER_SCHEMA: "The database belongs to a later version of this program.",
    NotReady.LEDGER_MOVED: "The erasure ledger was moved away from LEDGER_URL. Set it to the new address: "
    "trim-bot doctor names it.",
    NotReady.NOTHING_KEPT: "Nothing is kept at these addresses yet. Check DATABASE_URL, or run trim-bot migrate.",
    NotReady.OTHER_CLOCK: "Practice data and real data are kept apart. Check DATABASE_URL and TRIM_BOT_CLOCK.",
    NotReady.CLOCK_STOPPED: "Due work has not been looked at for minutes. See the log, and start the desk again.",
    NotReady.WORKER_GONE: "No worker is running, so nothing that is due happens. Start trim-bot worker.",
    NotReady.RECORD_ALTERED: "A record is not as the desk kept it. Run trim-bot doctor: it says of which kind it is.",
    NotReady.RESTORE_PENDING: "A restore has not ended. Run trim-bot restore again, into empty databases.",
}
"""Of every reason that no text of a store says better."""

WEB_GONE_WORDS = "No process answers people: nobody reaches the desk or its help page. Start trim-bot serve."
"""Of what a worker alone can say, since no page is left that could."""

ABOUT = {
    NotReady.KEYS_MISSING: "TRIM_BOT_KEYRING",
    NotReady.KEYS_UNREADABLE: "TRIM_BOT_KEYRING",
    NotReady.KEYS_WRONG: "TRIM_BOT_KEYRING",
    NotReady.KEY_SERVICE_AWAY: "TRIM_BOT_KEYRING",
    NotReady.KEY_SERVICE_REFUSED: "VAULT_TOKEN",
    NotReady.DATA_MISSING: "DATABASE_URL",
    NotReady.DATA_OLDER: "DATABASE_URL",
    NotReady.KEY_STORE_WRONG: "KEYSTORE_URL",
    NotReady.KEY_STORE_OLDER: "KEYSTORE_URL",
    NotReady.OTHER_CLOCK: "TRIM_BOT_CLOCK",
    NotReady.LEDGER_MISSING: "LEDGER_URL",
    NotReady.LEDGER_OLDER: "LEDGER_URL",
    NotReady.LEDGER_MOVED: "LEDGER_URL",
    NotReady.ANCHOR_OTHER: "ANCHOR_URL",
    NotReady.ANCHOR_UNREADABLE: "ANCHOR_URL",
}
"""The variable that the log names beside a reason, to be looked at first."""

STORE_NAMES = {
    "data": "data (DATABASE_URL)",
    "keys": "key store (KEYSTORE_URL)",
    "ledger": "erasure ledger (LEDGER_URL)",
}
"""Each store as an administrator knows it."""
STORE_VARIABLES = {
    OutagePart.DATA: "DATABASE_URL",
    OutagePart.KEYS: "KEYSTORE_URL",
    OutagePart.LEDGER: "LEDGER_URL",
}
"""Where each store is named."""


def look_at(reason: NotReady, store: str) -> str:
    """The variable to look at first; empty where none is known. `store` is `data`, `keys`, `ledger` or empty."""
    return ABOUT.get(reason) or (STORE_VARIABLES[OutagePart(store)] if store else "")


def trouble_words(trouble: StoreTrouble, store: str) -> str:
    """One sentence for the cause, and one for what to do. `store` as `store_of` names it."""
    name = STORE_NAMES.get(store, "database")
    match trouble:
        case StoreTrouble.FULL:
            return f"The disk under the {name} is full. Make room there; the desk goes on by itself."
        case StoreTrouble.READ_ONLY:
            return f"The {name} can be read and not written. Look at the rights of its file and folder."
        case StoreTrouble.DAMAGED:
            return f"The {name} is damaged. Stop the desk, keep the file, and restore the newest backup."
        case StoreTrouble.BUSY:
            return f"Another process keeps the {name} locked. Try again when it has ended."
        case StoreTrouble.REFUSED:
            return f"The login of the {name} may not do this. Use the owner's, or run trim-bot migrate with it first."
        case StoreTrouble.NOT_LET_IN:
            return (
                f"The server of the {name} answers, and does not let the desk in. Check name, password and database in "
                "its address; the server's own log says which."
            )
        case StoreTrouble.HELD_BACK:
            return (
                "More records were opened in an hour than ordinary use asks for. The rest goes on in a while."
            )
        case StoreTrouble.AWAY:
            return f"The {name} does not answer. Look at its address, and whether its server runs."
        case _:
            assert_never(trouble)
