"""Says in plain words what a restore took back again, and what it could not."""

from __future__ import annotations

from trim_bot.cli.output import counted
from trim_bot.domain.revocations import Taken, TakenAgain

WORDS: dict[Taken, tuple[str, str]] = {
    Taken.LEFT: ("person who left", "people who left"),
    Taken.MESSAGES: ("choice about messages in chat", "choices about messages in chat"),
    Taken.CHANGES: ("choice about being written to", "choices about being written to"),
    Taken.REACH: ("choice of how to be reached", "choices of how to be reached"),
    Taken.PHONE: ("phone number taken out", "phone numbers taken out"),
    Taken.AVAILABILITY: ("choice about room for work", "choices about room for work"),
    Taken.LEAVE: ("leave", "leaves"),
    Taken.ERASURE: ("erasure asked for", "erasures asked for"),
    Taken.CHAT: ("chat taken off", "chats taken off"),
    Taken.APP: ("app taken away", "apps taken away"),
    Taken.ROLE: ("role ended", "roles ended"),
    Taken.TRAINING: ("training entry taken out", "training entries taken out"),
    Taken.INSTALLATION: ("installation removed", "installations removed"),
    Taken.WORKSPACE: ("workspace disconnected", "workspaces disconnected"),
    Taken.EXPOSURE: ("person taken out of an event", "people taken out of an event"),
    Taken.OFFER: ("offer declined, put off or withdrawn", "offers declined, put off or withdrawn"),
    Taken.PROPOSED: ("name taken out of an offer", "names taken out of an offer"),
    Taken.PASSED_REQUEST: ("practitioner ruled out for a request", "practitioners ruled out for a request"),
    Taken.TAKER: ("request put back for others", "requests put back for others"),
    Taken.REQUEST: ("request ended", "requests ended"),
    Taken.REFUSED: ("practitioner a person does not want", "practitioners a person does not want"),
    Taken.PASSED: ("case passed on", "cases passed on"),
    Taken.CALLED: ("person no longer called in", "people no longer called in"),
    Taken.COVER: ("cover ended", "covers ended"),
    Taken.HOLDER: ("case put back for others", "cases put back for others"),
    Taken.SAFETY: ("safety call taken back", "safety calls taken back"),
    Taken.CONVERSATION: ("conversation not wanted", "conversations not wanted"),
    Taken.REFERRAL: ("referral ended", "referrals ended"),
    Taken.TALK: ("case ended", "cases ended"),
    Taken.SITE: ("settings applied anew", "settings applied anew"),
}


def sentences(again: TakenAgain) -> list[str]:
    """One line for all that was done, and one for each thing that somebody has to see to."""
    if again.done:
        parts = [counted(again.done[kind], *WORDS[kind]) for kind in Taken if again.done.get(kind)]
        said = [f"Taken back again since the backup: {', '.join(parts)}."]
    else:
        said = ["Nothing was taken back since the backup."]
    if again.given_again:
        said.append(
            f"{counted(again.given_again, 'thing was', 'things were')} given again since, and not brought back."
        )
    if again.unread:
        said.append(f"{counted(again.unread, 'line')} of the ledger cannot be understood by this backup.")
    if again.kept_from is not None:
        said.append(f"What was taken back before {again.kept_from.isoformat()} is no longer known.")
    said += [
        f"{slug}: its settings were changed since. Run trim-bot site apply FILE before the desk starts."
        for slug in again.older_sites
    ]
    return said
