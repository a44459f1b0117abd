"""What the practice workspace says: the clock, who you are, the chat, and what to try first."""

from __future__ import annotations

from trim_bot.app.seam.sentences import joined, phrase

BAR = "Practice workspace"
BAR_NOTE = "Made-up people. Nothing leaves this computer."
CLOCK = "Practice clock"
NOW = phrase("now")
PICK = "Choose someone to be"
NO_ONE = "A visitor"
NO_ONE_ROLE = "Signed out"
CHAT = "Your chat, as Slack would show it"
CHAT_EMPTY = "No messages yet."
CHAT_TYPE = "Type in chat:"
APP_TAG = "App"
TRY_TITLE = "Try this"
TRY_LEAD = "Seven steps show the whole of it. They take about five minutes, and tick themselves off."
TRY_DO = "Do this"
TRY_DONE = "Done"
TRY_END = "You have seen the whole of it. Go on as you like, as anybody you like."
PANEL = "Who you are, and your chat"
BACKWARDS = "The practice clock only moves on."
NOT_A_TIME = "That is not a time."
NOT_KNOWN = "Nobody here has that address."
NO_JUMPS = "The story has reached its end."


ONE_DAY, DAY_3, ONE_MONTH = phrase("+1 day"), phrase("day 3"), phrase("one month")
"""What the clock can be moved to."""


def you_are(name: str) -> str:
    """Whose eyes the page is seen through."""
    return phrase("You are {name}", name=name)


def tour_at(step: int, steps: int) -> str:
    """Which step of the tour comes now, counted from 1."""
    return phrase("Step {step} of {steps}", step=step, steps=steps)


def tour_log(who: str, whom: str, *, unheld: bool) -> str:
    """The first step; `unheld` where an event was logged and the talk is nobody's yet."""
    todo = phrase(
        "Be {who}, a practitioner. Log a hard event that ended yesterday, with {whom} directly involved. "
        "Tick “I can hold these talks”, and press “Log and offer”.",
        who=who,
        whom=whom,
    )
    if not unheld:
        return todo
    begun = phrase("The event is logged, but nobody said they can hold the talk. Please log another.")
    return joined((begun, todo))


def tour_yes(whom: str) -> str:
    """The second step."""
    return phrase("Be {whom}. Open the message in their chat, read the offer, and press “Yes”.", whom=whom)


def tour_day_3(day: str) -> str:
    """The third step; `day` is empty until there is a talk."""
    if not day:
        return "Move the clock to day 3. No talk may be held sooner."
    return phrase("Move the clock to day 3, {day}. No talk may be held sooner.", day=day)


def tour_first(who: str, whom: str) -> str:
    """The fourth step."""
    return phrase(
        "Be {who}. Open “First talk with {whom}”, press “Start or go on”, and answer to the "
        "end. “Not discussed” is an answer too.",
        who=who,
        whom=whom,
    )


def tour_one_month(day: str) -> str:
    """The fifth step; `day` is empty until there is a talk."""
    return phrase("Move the clock to one month, {day}.", day=day) if day else "Move the clock to one month."


def tour_month(who: str, whom: str) -> str:
    """The sixth step."""
    return phrase(
        "Be {who}. Open “Month talk with {whom}”, press “Start or go on”, and answer to the "
        "end. The result says what has changed.",
        who=who,
        whom=whom,
    )


def tour_status(who: str) -> str:
    """The last step."""
    return phrase("Be {who}, the coordinator, and read the status. Look for a name: there is none.", who=who)


def talks_came(count: int) -> str:
    """What moving the clock set off."""
    if count == 0:
        return "Time moved on. No talk came due."
    if count == 1:
        return "Time moved on. One talk came due."
    return phrase("Time moved on. {count} talks came due.", count=count)


def earlier(count: int) -> str:
    """How many older messages the chat leaves out."""
    return (
        "One earlier message is not shown."
        if count == 1
        else phrase("{count} earlier messages are not shown.", count=count)
    )
