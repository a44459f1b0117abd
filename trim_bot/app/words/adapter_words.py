"""The words of the chats: the one message, what the two commands are called, and the few sentences an
adapter says itself.
"""

from dataclasses import dataclass, field

from trim_bot.app.seam.sentences import phrase
from trim_bot.app.seam.views import Tone

DESK = "Peer Support"
CLOSE = "Close"

OPENING_TITLE = "Opening…"
OPENING = "Please wait a moment."
STILL_SAVING_TITLE = "Still saving…"
STILL_SAVING = "Please wait a moment. You can leave this open."
STILL_SAVING_HERE = (
    "This is taking a little longer. Nothing you typed is lost. Please press the button in a moment."
)
LOOK = "See if it is saved"
OPENING_SLOWLY = "This is taking a little longer. Please press the button in a moment."
GO_ON = "Go on"
TRY_AGAIN = "Try again"
PRESSED = "That is done. Nothing more is needed here."
NOT_OPEN = "This is no longer open to you."
CLOSE_THIS_TITLE = "Nothing more to do"
CLOSE_THIS = "You can close this now."

OPEN_AGAIN = "That did not open in time. Please open it again."
OPEN_HERE = "Open Peer Support"
LINES_OF_A_LIST = "One person a line: name, comma, phone number. A comma and a good time to ring may follow."
"""Where a list of people is typed as lines and not in rows of boxes."""
OPEN_IN_BROWSER = "Open it in a browser"
NOT_NOW_TITLE = "That did not work"
NOT_NOW = "That did not work just now. Please try again in a few minutes."
NOTHING_SAVED = (
    "Nothing was saved, please try again. If you need help now, ring your local emergency number. "
    "The page Help now has numbers to ring."
)
SEND_AGAIN = "That did not go through. Please send it again."
CANNOT_SHOW_TITLE = "Open this in a browser"
YOUR_PAGE = "Your page in a browser"
CANNOT_SHOW = "This page does not fit in chat. Please use your page in a browser."
CANNOT_SHOW_KEPT = (
    "This page does not fit in chat. What you sent is saved. Please use your page in a browser."
)
CANNOT_SHOW_UNSAVED = "This page does not fit in chat. Nothing was saved. Please use your page in a browser."

OPENS_BESIDE = "This opens beside the chat. What you write there does not appear in the chat."
LOOK_AGAIN = "Some answers need another look. Nothing you typed was lost."
TO_MEND = "To mend:"
OPTIONAL = "(optional)"

CHOOSE = "Choose"
YES = "Yes"
NAME = "Name"
TALK = "Talk"
PHONE = "Phone"
REACH = "How to reach them"
BEST_TIME = "Best time"
WRITE_IN_SLACK = "Write to them in Slack"
SLACK_KEEPS = "Slack keeps a record of direct messages. It is better to ring first."
REACH_IN_TEAMS = "They use Microsoft Teams, which keeps a record of messages. It is better to ring first."
REACH_IN_SLACK = "They use Slack, which keeps a record of messages. It is better to ring first."
REACH_IN_BROWSER = "They use the pages in the browser, not chat."

SHORTCUTS = {
    "peer": ("Peer Support work", "Open the work that is yours"),
    "support": ("Ask for support", "Ask a trained colleague for a talk"),
}
"""Name and description of the global shortcut that opens the same as a slash command."""
COMMANDS = {
    "peer": ("For those who serve in Peer Support", "[log|cases|due|cover|team|profile|status|help]"),
    "support": ("Ask a trained colleague for a talk, in private", ""),
}
"""Description and hint of a slash command."""
ABOUT = "Trained colleagues who are there for you after a hard event."
ABOUT_IN_FULL = (
    "Ask a trained colleague for a talk, in private. Managers have no way in. "
    "In chat there is one sentence, the same for everyone. What you say stays in forms and on the desk's own pages. "
    "Nobody watches this desk round the clock. The page Help now has numbers to ring."
)
TAB = "Start here"
"""The name of the tab in Teams: how to ask, and the way to one's own page."""

TONES = {Tone.HELP: "Help", Tone.WAITING: "Please note", Tone.DANGER: "Danger to life"}
"""What is said before a set-off paragraph, since colour alone says nothing."""


def full_name(name: str) -> str:
    """What an app with this short name is called where there is room."""
    return phrase("{name}: talk with a trained colleague", name=name)


def step_line(step: tuple[int, int]) -> str:
    """Where in a form of several steps somebody is: (2, 4) gives "Step 2 of 4"."""
    return phrase("Step {step} of {step_2}", step=step[0], step_2=step[1])


def readers_line(readers: str) -> str:
    """Who will read what is typed here; what the desk wrote, as a sentence of its own."""
    return readers if readers.endswith(".") else phrase("Who reads this: {readers}.", readers=readers)


MESSAGE_TEXT = "There may be something for you in Peer Support."
"""The whole text of every message, true whether or not something waits."""
OPEN_LABEL = "Open"
STOP_LABEL = "Stop these messages"
MONTHLY = (
    "Everyone who works here gets this same note, each on a day of their own.",
    "You can ask a trained colleague for a talk at any time.",
)
"""What opens behind the monthly note; nothing in it is about anyone."""


WORK = "peer"
"""First word of what those who serve say."""
ASK = "support"
"""First word of what everyone says."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is typed in chat, without the slash."""

    work: str = WORK
    ask: str = ASK
    languages: tuple[str, ...] = field(default=(), compare=False)
    """The site's languages, the first of which there is is that of what everybody there sees alike."""

    def first_word(self, typed: str) -> str | None:
        """The desk's own first word for what was typed, or None when it is neither command.

        The shipped words go on meaning what they mean, unless the organisation uses one for the other command: an
        app that was installed with them still works after the names were changed.
        """
        own = {self.ask: ASK, self.work: WORK}
        return own.get(typed) or (typed if typed in (WORK, ASK) else None)
