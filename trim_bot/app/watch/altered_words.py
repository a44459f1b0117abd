"""What an administrator reads of a record that is not as the desk kept it."""

from __future__ import annotations


def altered_words(table: str) -> str:
    """Which kind of record is not as the desk kept it, by its table, and what to do; empty where it is not known."""
    match table:
        case "site":
            return (
                "The settings of an organisation (site) are not as the desk kept them, or do not open. "
                "Look who had access, and run trim-bot site apply FILE: it puts them right."
            )
        case "":
            return "A record is not as the desk kept it. Run trim-bot journal verify: it says of which kind."
        case _:
            return (
                f"A record of the kind {table} is not as the desk kept it, or does not open. Look who had access. "
                "It counts for nothing; bring back the newest backup, or put it right in the desk."
            )
