"""Says in plain words what a restore took back again, and what it could not."""

from __future__ import annotations

from trim_bot.cli.output import counted
from trim_bot.domain.revocations import RestoredRevocations, RevocationKind

WORDS: dict[RevocationKind, tuple[str, str]] = {
    RevocationKind.LEFT: ("person who left", "people who left"),
    RevocationKind.MESSAGES: ("choice about messages in chat", "choices about messages in chat"),
    RevocationKind.CHANGES: ("choice about being written to", "choices about being written to"),
    RevocationKind.REACH: ("choice of how to be reached", "choices of how to be reached"),
    RevocationKind.PHONE: ("phone number taken out", "phone numbers taken out"),
    RevocationKind.AVAILABILITY: ("choice about room for work", "choices about room for work"),
    RevocationKind.LEAVE: ("leave", "leaves"),
    RevocationKind.ERASURE: ("erasure asked for", "erasures asked for"),
    RevocationKind.CHAT: ("chat taken off", "chats taken off"),
    RevocationKind.APP: ("app taken away", "apps taken away"),
    RevocationKind.ROLE: ("role ended", "roles ended"),
    RevocationKind.TRAINING: ("training entry taken out", "training entries taken out"),
    RevocationKind.INSTALLATION: ("installation removed", "installations removed"),
    RevocationKind.WORKSPACE: ("workspace disconnected", "workspaces disconnected"),
    RevocationKind.EXPOSURE: ("person taken out of an event", "people taken out of an event"),
    RevocationKind.OFFER: ("offer declined, put off or withdrawn", "offers declined, put off or withdrawn"),
    RevocationKind.PROPOSED: ("name taken out of an offer", "names taken out of an offer"),
    RevocationKind.PASSED_REQUEST: (
        "practitioner ruled out for a request",
        "practitioners ruled out for a request",
    ),
    RevocationKind.TAKER: ("request put back for others", "requests put back for others"),
    RevocationKind.REQUEST: ("request ended", "requests ended"),
    RevocationKind.REFUSED: ("practitioner a person does not want", "practitioners a person does not want"),
    RevocationKind.PASSED: ("case passed on", "cases passed on"),
    RevocationKind.CALLED: ("person no longer called in", "people no longer called in"),
    RevocationKind.COVER: ("cover ended", "covers ended"),
    RevocationKind.HOLDER: ("case put back for others", "cases put back for others"),
    RevocationKind.SAFETY: ("safety call taken back", "safety calls taken back"),
    RevocationKind.CONVERSATION: ("conversation not wanted", "conversations not wanted"),
    RevocationKind.REFERRAL: ("referral ended", "referrals ended"),
    RevocationKind.TALK: ("case ended", "cases ended"),
    RevocationKind.SITE: ("settings applied anew", "settings applied anew"),
}


def sentences(again: RestoredRevocations) -> list[str]:
    """One line for all that was done, and one for each thing that somebody has to see to."""
    if again.done:
        parts = [counted(again.done[kind], *WORDS[kind]) for kind in RevocationKind if again.done.get(kind)]
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
