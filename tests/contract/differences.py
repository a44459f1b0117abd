"""Every way in which two platforms may differ, each with its reason; one that is not needed any more fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.contract.outline import SLACK, TEAMS, WEB, Item, Outline, Part
from trim_bot.app.words import adapter_words, page_words

HOW_TO_REACH = (adapter_words.PHONE, adapter_words.REACH, adapter_words.BEST_TIME)
ABOUT_CHAT = frozenset(
    {
        adapter_words.WRITE_IN_SLACK,
        adapter_words.SLACK_KEEPS,
        adapter_words.REACH_IN_TEAMS,
        adapter_words.REACH_IN_SLACK,
        adapter_words.REACH_IN_BROWSER,
        page_words.CHAT_WARNING,
        page_words.CHAT_LINK,
    }
)
AROUND_FAULTS = frozenset({page_words.MEND_TITLE, page_words.MEND_LEAD, adapter_words.LOOK_AGAIN})
IN_A_BROWSER = frozenset({page_words.LIST_AWAY})


@dataclass(frozen=True, slots=True)
class Difference:
    """One allowed difference: `even` takes it out of the outline of each of `platforms`."""

    name: str
    platforms: tuple[str, ...]
    reason: str
    even: Callable[[Outline], Outline]
    against: str = ""
    """Only in a comparison with this platform."""


def _without_dashes(found: Outline) -> Outline:
    kept: Outline = []
    for item in found:
        if item.text != "–":
            kept.append(item)
        elif kept and kept[-1].text in HOW_TO_REACH:
            kept.pop()
    return kept


def _name_as_heading(found: Outline) -> Outline:
    kept: Outline = []
    for item in found:
        if kept and kept[-1] == Item(Part.LINE, adapter_words.NAME):
            kept[-1] = Item(Part.PERSON, item.text)
        else:
            kept.append(item)
    return kept


def _without_chat(found: Outline) -> Outline:
    return [item for item in found if item.text not in ABOUT_CHAT]


def _plain_faults(found: Outline) -> Outline:
    """Without what stands around the faults, and without the label of the field before each."""
    labels = [f"{item.text}: " for item in found if item.part is Part.FIELD]

    def text(item: Item) -> str:
        return next((item.text.removeprefix(one) for one in labels if item.text.startswith(one)), item.text)

    kept = [item for item in found if not (item.part is Part.FAULT and item.text in AROUND_FAULTS)]
    return [replace(item, text=text(item)) if item.part is Part.FAULT else item for item in kept]


def _faults_after_step(found: Outline) -> Outline:
    """The title, then where one is, then what is to mend."""
    order = {Part.TITLE: 0, Part.STEP: 1, Part.FAULT: 2}
    return sorted(found, key=lambda item: order.get(item.part, 3))


def _no_errors_beside(found: Outline) -> Outline:
    return [replace(item, error="") for item in found]


def _submit_last(found: Outline) -> Outline:
    return sorted(found, key=lambda item: item.part is Part.SUBMIT)


def _hints_of_chat(found: Outline) -> Outline:
    return [
        replace(item, hints=tuple(hint for hint in item.hints if hint not in IN_A_BROWSER)) for item in found
    ]


def _people_of_slack(found: Outline) -> Outline:
    return [
        replace(item, value=tuple(one for one in item.value if one.startswith("slack:")))
        if item.kind in ("person", "people")
        else item
        for item in found
    ]


def _as_addresses(found: Outline) -> Outline:
    """People as the account's own id on this platform, which is what its list knows."""
    return [
        replace(item, value=tuple(one.rpartition(":")[2] for one in item.value))
        if item.kind in ("person", "people")
        else item
        for item in found
    ]


DIFFERENCES = (
    Difference(
        "dash",
        (SLACK, TEAMS),
        "Slack refuses an empty text and Teams draws none, so an empty fact is a dash there.",
        _without_dashes,
        WEB,
    ),
    Difference(
        "name",
        (SLACK, TEAMS),
        "In the browser the name of a person is the heading of the box, in chat the first of the facts.",
        _name_as_heading,
        WEB,
    ),
    Difference(
        "chat",
        (SLACK, TEAMS, WEB),
        "Each says what its own reader can do: only Slack can be opened at an account, and each names what it keeps.",
        _without_chat,
    ),
    Difference(
        "faults",
        (SLACK, TEAMS, WEB),
        "In the browser a fault leads to its field by a link; in chat it can only name it. Each has its own lead.",
        _plain_faults,
    ),
    Difference(
        "summary",
        (WEB,),
        "A page begins with what is to mend, since that is where its reader lands.",
        _faults_after_step,
    ),
    Difference(
        "beside",
        (TEAMS, WEB),
        "Slack writes the error beside a field by itself, from the answer to a submission.",
        _no_errors_beside,
        SLACK,
    ),
    Difference(
        "submit",
        (WEB,),
        "Slack and Teams keep the button that sends a form in the frame below; a page has it before Back.",
        _submit_last,
    ),
    Difference(
        "typing",
        (WEB,),
        "A browser has no list of the workplace, so it says what to type.",
        _hints_of_chat,
    ),
    Difference(
        "elsewhere",
        (TEAMS, WEB),
        "Slack's own list of people cannot show somebody who is not in the workspace.",
        _people_of_slack,
        SLACK,
    ),
    Difference(
        "account",
        (TEAMS, WEB),
        "The list of a chat platform knows its own people by the id of their account.",
        _as_addresses,
    ),
)


def evened(platform: str, against: str, found: Outline) -> tuple[Outline, set[str]]:
    """An outline without its allowed differences from that of another platform, and those that were needed."""
    used: set[str] = set()
    for one in DIFFERENCES:
        if platform in one.platforms and one.against in ("", against):
            changed = one.even(found)
            if changed != found:
                used.add(one.name)
            found = changed
    return found, used
