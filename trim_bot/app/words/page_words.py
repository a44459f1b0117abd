"""What the browser pages say around the desk's own screens: header, help, sign-in, privacy and errors; one file, since
every template reads its words from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

NAME = "Peer Support"
SKIP = "Skip to the page"
LEAVE = "Leave this page"
LEAVING = "Weather"
LEAVE_TO = "https://www.bbc.co.uk/weather"
HELP_NOW = "Help now"
YOUR_RECORD = "My talks and choices"
EMPLOYER_LINK = "What can my employer see?"
SIGN_OUT = "Sign out"
HOME_LINK = "Go to the first page"

# Around a form.
OPTIONAL = "(optional)"
PASTE_A_LIST = "Or paste a list here, one person a line"
CHOOSE = "Choose one"
MEND_TITLE = "Some answers need another look"
MEND_LEAD = "Nothing you typed was lost. Please look at:"
ERROR_MARK = "To mend:"
TITLE_ERROR = "To mend: "
HELP_TONE = "Help"
WAITING_TONE = "Please note"
DANGER_TONE = "Danger to life"
LIST_AWAY = (
    "We are still fetching the list of people. "
    "Type a whole name or a work address. If it is unclear, we ask you."
)
STILL_AWAY = (
    "We cannot look up names just now. Give a work address, or try again in a few minutes. Nothing was lost."
)
FIND_LABEL = "Find by name"
FIND = "Find"
FIND_HINT = "Three letters of any part of a name."
REMOVE = "Remove"
TYPE_MORE = "Please type at least three letters of a name."
NOBODY_FOUND = "Nobody on the list has this name. Try fewer letters, or another part of the name."
MORE_FOUND = "These are the first twenty. Type more of the name to see others."
LOOKED_OFTEN = "You have looked for many people this hour. Please wait a while. Everything you typed is kept."
LOOK_NEXT = "Press Find once the names above are done."
LOOK_AWAY = "We could not look just now. Please press Find, or try again."
CHAT_WARNING = "The chat platform keeps a record of direct messages. Ringing first leaves less behind."
CHAT_LINK = "Write to them in chat"
PHONE = "Phone"
TALK = "Talk"
REACH = "How to reach them"
BEST_TIME = "Best time"
NOTHING_TITLE = "That is done"
NOTHING_TEXT = "There is nothing more to do here. You can close this page."

# First page.
HOME_TITLE = "Your page"
WELCOME_TITLE = "Talk with a trained colleague"
WELCOME_LEAD = (
    "Work can bring hard days. Here you can talk it through with a colleague who is trained to listen."
)
WELCOME_FACTS = (
    ("What this is", "A talk with someone who works here too. It is not therapy, and not a report."),
    (
        "Who can see it",
        "You, the colleague you talk with, and whoever covers or is called in. Managers have no way in.",
    ),
    ("What happens next", "You ask, we find someone, and they get in touch the way you chose."),
    ("How to stop", "You can stop at any time. You will not be asked why."),
)
ASK_BUTTON = "Ask for a talk without your name"
REPLY_LINK = "I have a reply code"
SIGN_IN_TITLE = "How to sign in"
SIGN_IN_WAYS = (
    "In your work chat, open Peer Support and choose the browser link.",
    "No chat account? Ask the person who runs the scheme for a link.",
    "Each link works once, in one browser.",
)
LEAVE_EXPLAINED = (
    "“Leave this page” at the top signs you out and takes you to a weather page at once. "
    "Going back shows nothing of yours. It does not clear your browser's history. "
    "On a shared computer, use a private window."
)

# Sign-in.
LINK_TITLE = "Sign in to Peer Support"
LINK_TEXT = "Press the button to sign in here. The link then stops working, so nobody else can use it."
LINK_BUTTON = "Sign in on this device"
LINK_STOP = "Not you? Close this page. Nothing happens until the button is pressed."
NEED_TITLE = "Please sign in first"
NEED_TEXT = "This page is only for you, so we need to know who you are."
NEED_OTHER = "You can always see help numbers, and ask for a talk without your name."
GONE_TITLE = "This link no longer works"
GONE_TEXT = "A sign-in link works once and for a short time. Please ask for a new one."

WORK_BUTTON = "Sign in with your work account"
WORK_TITLE = "This sign-in did not work"
WORK_TEXT = "Nothing was opened, and nobody was told. Please start again, or get a link in your work chat."
TENANT_TITLE = "Your organisation is connected"
TENANT_TEXT = "Peer Support can now be set up for it. The guide for administrators says what comes next."
NO_TENANT_TITLE = "Nothing was connected"
NO_TENANT_TEXT = "Nothing was changed. Please start again, and agree at the login as an administrator."

# The tab in Teams.
TAB_HELP = "If someone may be in danger, please ring now:"
TAB_ASK_TITLE = "How to ask for a talk"
TAB_WAYS = (
    "Write “support” to this app in its chat. You get a form that only you can see.",
    "Or open your page in the browser. You can ask there without your name, too.",
)
TAB_OPEN = "Open my page in the browser"
TAB_ALIKE = "This page is the same for everyone who works here. It does not know who opened it."

# Help now.
HELP_TITLE = "Help now"
HELP_LIFE = "A life is in danger"
NOT_WATCHED = "Nobody watches this desk round the clock. Please do not wait for us if you need help now."
HELP_WHERE = "Which country are you in?"
HELP_ELSEWHERE = "I am in another country"
HELP_NEAR = "People at your site are also here:"
HELP_CHOOSE = "Choose a country"
HELP_SHOW = "Show numbers"
HELP_EVERY = "All countries on one page"
_LONG_AGO = "That is over a year ago, so it may have changed. Try another if nobody answers."
HELP_PRINT = (
    "This page prints on one sheet. Your browser remembers the country you choose, and we keep no note of it."
)
HELP_COUNTRIES = "Other countries"
HELP_ALL = "All countries"
HELP_JUMP = "Find a country"
NOT_VERIFIED = "Not yet verified by your site."

# What the employer can see.
EMPLOYER_TITLE = "What can my employer see?"
EMPLOYER_LEAD = "Of talks they see counts in wide bands: no name, no answer and no reason."
EMPLOYER_VIEW = "What closed weeks and quarters say"
EMPLOYER_VIEW_NOTE = (
    "This is the real page of your organisation. The coordinator reads the same. "
    "They also see who serves today, and how many have room."
)
EMPLOYER_NONE = "This cannot be shown right now. It holds bands, and a sentence about a closed week."
EMPLOYER_RATES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "default": (57, 59),
        "default_answered": (25, 27),
        "changes": (57, 76),
        "changes_asked": (52, 79),
        "changes_answered": (25, 57),
        "three_days": (57, 63),
        "one_day": (57, 66),
        "presses_answered": (25, 37),
        "called": (62, 94),
    }
)
"""Of a hundred people, counted as if half of them had a talk, of how many the owner of the chat guesses rightly whether
they have one, without the messages and with them, by setting. `asked`: who asked for support without an event;
`answered`: which of four answers, as if each were as likely; `called`: who is in danger, as the desk comes. Each was
measured in 1,000 towns: `docs/trust/figures.md`."""


def _rates(key: str) -> str:
    without, with_notes = EMPLOYER_RATES[key]
    return f"without the notes {without} of 100, with them {with_notes}."


EMPLOYER_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Your manager sees nothing",
        (
            "There is no page, list or message for managers.",
            "Nobody is told that you asked, said yes or said no.",
        ),
    ),
    (
        "Your colleague sees what you share with them",
        (
            "The trained colleague you talk with keeps short notes.",
            "A lead can help them, and can open notes only when called in.",
            "You can see who opened your record.",
        ),
    ),
    (
        "The coordinator sees bands",
        (
            "They look after training and the rota. So they see, by name, who serves and who has room.",
            "Of those who have talks they see bands alone.",
            "Small numbers are hidden, so that one person cannot be picked out.",
        ),
    ),
    (
        "The owner of your work chat sees that a note was sent, and when",
        (
            "They can see that Peer Support wrote to someone. Every note reads the same.",
            "A note outside the monthly one can show that someone was at a hard event.",
            "It goes out whatever they answer, so it hardly shows the answer.",
        ),
    ),
    (
        "How well the owner can guess from the notes",
        (
            "We let a program guess who has a talk, in small made-up towns: 1,000 for each line here.",
            "How often it was right is counted as if half of them had a talk.",
            f"As the desk comes: {_rates('default')}",
            f"And which of four answers somebody gave, as if each were as likely: {_rates('default_answered')}",
            f"If everyone chose “Write to me when something changes for me”: {_rates('changes')}",
            f"And who else asked for support, as if half of the others did: {_rates('changes_asked')}",
            f"And which of four answers somebody gave: {_rates('changes_answered')}",
            f"If colleagues get their note on three days a week: {_rates('three_days')}",
            f"If they get it on one day a week: {_rates('one_day')}",
            "A chat that logs each press of “Open” also shows who looked, and so who may have answered.",
            f"There, which of four answers somebody gave: {_rates('presses_answered')}",
            "Other settings were not all measured so thoroughly, so no figure of them stands here.",
            "All that was found stands in the papers of the desk, under “trust”.",
        ),
    ),
    (
        "A call for safety cannot be hidden",
        (
            "If a life may be in danger, some colleagues are written to at once, at night too.",
            "The owner can see that. They may guess whom it is about, above all after a small event.",
            f"Counted as if half of the people were in danger: {_rates('called')}",
            "The note says nothing of it. Your safety comes first.",
        ),
    ),
    (
        "What Slack and Microsoft Teams keep",
        (
            "They keep the notes we send, like any message. The owner of the chat can search them.",
            "A note holds no name and no answer. What you type in a form is never put into the chat.",
            "A form passes through Slack or Microsoft on its way to us. Neither says whether it keeps a copy.",
            "What you type to us in the chat itself is kept there. Please use the buttons and forms.",
            "If you sign in with your work account, Microsoft notes that you did. A one-time link is not noted.",
            "To leave no trace there, use these pages in a browser.",
        ),
    ),
    (
        "When something must be shared",
        (
            "If a life may be in danger, your colleague may have to tell someone.",
            "They tell you these limits before the first question.",
        ),
    ),
)

# Errors.
REFUSED_TITLE = "No longer open to you"
REFUSED_TEXT = "It may have moved on, or been finished. Nothing you did is wrong, and nothing was changed."
LATER_TITLE = "Please try again in a moment"
LATER_TEXT = "Nothing was saved, and nothing was sent. Go back, and press the button again."
STALE_TITLE = "This page was open for a while"
STALE_TEXT = "For safety we did not send it. Nothing was done. Please open the page again."
OFTEN_TITLE = "Please wait a while"
OFTEN_TEXT = "A lot has come from your network this hour, so this was not sent. Please try again in an hour."
LARGE_TITLE = "That was too long to send"
LARGE_TEXT = "Nothing was saved. Please shorten what you wrote, and send it again."
ODD_TITLE = "We could not read that"
ODD_TEXT = "Nothing was saved. Please open the page again and send it once more."
WRONG_ADDRESS_TITLE = "This address is not ours"
WRONG_ADDRESS_TEXT = (
    "Please use the address you were given. Nothing was saved. "
    "If you run this desk and see this at the right address: look at PUBLIC_URL and at your proxy, as the log says."
)
METHOD_TITLE = "This page cannot do that"
FAULT_TITLE = "Something went wrong here"
FAULT_TEXT = "It is our fault, not yours. Please go back and try again."


def quote(reference: str) -> str:
    """What whoever met a fault can say of it; it finds the line in the log."""
    return f"If you ask about this, quote {reference}."


HELP_STILL = "Help numbers are always there:"


def greeting(name: str) -> str:
    """The heading of somebody's own first page."""
    return f"Hello, {name}" if name else "Hello"


DRAWING = "A drawing that says the same as the table below it."
NOT_TOLD = "Not published"
WHAT_IS_COUNTED = "What is counted"
HOW_MANY = "How many people"


def step_line(now: int, total: int) -> str:
    """Where in a form of several pages this one stands."""
    return f"Step {now} of {total}"


def read_by(readers: str) -> str:
    """Who will read a text field; what the desk wrote, as a sentence of its own."""
    return readers if readers.endswith(".") else f"Who reads this: {readers}."


def person_label(name: str, place: str) -> str:
    """Somebody on a list: the name, and the place that tells them from others who are called the same."""
    return f"{name}, {place}" if place else name


def find_label(number: int, many: int) -> str:
    """The name of one of `many` boxes by which people are found."""
    return FIND_LABEL if many == 1 else f"Name {number}"


def found(many: int) -> str:
    """How many people have what was typed in their name."""
    return (
        "One person found. Tick them if you mean them."
        if many == 1
        else f"{many} people found. Tick who you mean."
    )


def picked(many: int) -> str:
    """How many people are picked in a field."""
    return (
        "Nobody picked yet." if not many else "One person picked." if many == 1 else f"{many} people picked."
    )


def added(names: Sequence[str]) -> str:
    """Whose name was taken as it was typed."""
    return f"Added: {'; '.join(names)}."


def rows_to_mend(said: Sequence[str]) -> str:
    """What is to mend in the rows of a field, each by its number where there are several."""
    if len(said) == 1:
        return said[0]
    return " ".join(f"Name {number}: {text}" for number, text in enumerate(said, 1))


def person_row(number: int) -> str:
    """The name of one of several address fields."""
    return f"Person {number}"


def answer_when(working_days: int) -> str:
    """When somebody who asks can expect to hear from us."""
    if working_days <= 1:
        return "You can expect an answer within one working day."
    return f"You can expect an answer within {working_days} working days."


def verified(day: str) -> str:
    """When a number was last checked by the site; `day` as people say it."""
    return f"Checked by your site on {day}."


def verified_long_ago(day: str) -> str:
    """The same, where it was so long ago that the number may have changed."""
    return f"Checked by your site on {day}. {_LONG_AGO}"


def gathered(day: str) -> str:
    """When a number that came with the desk was last gone through, before a site has rung it."""
    return f"{NOT_VERIFIED} It came with this desk, as known on {day}."


def gathered_long_ago(day: str) -> str:
    """The same, where it was so long ago that the number may have changed."""
    return f"{gathered(day)} {_LONG_AGO}"


def ring(what: str) -> str:
    """What to do where there is no number to press."""
    return f"Ring {what}."


def source(text: str) -> str:
    """Where a number was found."""
    return f"Source: {text}"


def cell(label: str, row: int) -> str:
    """The name of one box of a list: `Name, row 2`."""
    return f"{label}, row {row}"
