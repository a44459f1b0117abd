"""What the browser pages say around the desk's own screens: header, help, sign-in, privacy and errors; one file, since
every template reads its words from it.
"""

from __future__ import annotations

from collections.abc import Sequence

from trim_bot.app.seam.sentences import joined, ours, phrase
from trim_bot.app.words.adapter_words import LINES_OF_A_LIST

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
PASTE_A_LIST = "Or paste a list here"
HOW_LINES_ARE = LINES_OF_A_LIST
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

# Poster and leaflet.
SHEET_BACK = "Back to Peer Support"
SHEET_PRINT = "Print this page from your browser. It is one sheet of A4."

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
    return phrase("If you ask about this, quote {reference}.", reference=reference)


HELP_STILL = "Help numbers are always there:"


def greeting(name: str) -> str:
    """The heading of somebody's own first page."""
    return phrase("Hello, {name}", name=name) if name else "Hello"


DRAWING = "A drawing that says the same as the table below it."
NOT_TOLD = "Not published"
WHAT_IS_COUNTED = "What is counted"
HOW_MANY = "How many people"


def step_line(now: int, total: int) -> str:
    """Where in a form of several pages this one stands."""
    return phrase("Step {now} of {total}", now=now, total=total)


def read_by(readers: str) -> str:
    """Who will read a text field; what the desk wrote, as a sentence of its own."""
    return readers if readers.endswith(".") else phrase("Who reads this: {readers}.", readers=readers)


def person_label(name: str, place: str) -> str:
    """Somebody on a list: the name, and the place that tells them from others who are called the same."""
    return phrase("{name}, {place}", name=name, place=place) if place else name


def find_label(number: int, many: int) -> str:
    """The name of one of `many` boxes by which people are found."""
    return FIND_LABEL if many == 1 else phrase("Name {number}", number=number)


def found(many: int) -> str:
    """How many people have what was typed in their name."""
    return (
        "One person found. Tick them if you mean them."
        if many == 1
        else phrase("{many} people found. Tick who you mean.", many=many)
    )


def picked(many: int) -> str:
    """How many people are picked in a field."""
    return (
        "Nobody picked yet."
        if not many
        else "One person picked."
        if many == 1
        else phrase("{many} people picked.", many=many)
    )


def added(names: Sequence[str]) -> str:
    """Whose name was taken as it was typed."""
    return phrase("Added: {names}.", names="; ".join(names))


def rows_to_mend(said: Sequence[str]) -> str:
    """What is to mend in the rows of a field, each by its number where there are several."""
    if len(said) == 1:
        return said[0]
    return joined(
        phrase("Name {number}: {text}", number=number, text=ours(text)) for number, text in enumerate(said, 1)
    )


def person_row(number: int) -> str:
    """The name of one of several address fields."""
    return phrase("Person {number}", number=number)


def answer_when(working_days: int) -> str:
    """When somebody who asks can expect to hear from us."""
    if working_days <= 1:
        return "You can expect an answer within one working day."
    return phrase("You can expect an answer within {working_days} working days.", working_days=working_days)


def verified(day: str) -> str:
    """When a number was last checked by the site; `day` as people say it."""
    return phrase("Checked by your site on {day}.", day=day)


def verified_long_ago(day: str) -> str:
    """The same, where it was so long ago that the number may have changed."""
    return phrase("Checked by your site on {day}. {long_ago}", day=day, long_ago=ours(_LONG_AGO))


def gathered(day: str) -> str:
    """When a number that came with the desk was last gone through, before a site has rung it."""
    return phrase(
        "{not_verified} It came with this desk, as known on {day}.", not_verified=ours(NOT_VERIFIED), day=day
    )


def gathered_long_ago(day: str) -> str:
    """The same, where it was so long ago that the number may have changed."""
    return phrase("{gathered} {long_ago}", gathered=gathered(day), long_ago=ours(_LONG_AGO))


def ring(what: str) -> str:
    """What to do where there is no number to press."""
    return phrase("Ring {what}.", what=what)


def source(text: str) -> str:
    """Where a number was found."""
    return phrase("Source: {text}", text=text)


def cell(label: str, row: int) -> str:
    """The name of one box of a list: `Name, row 2`."""
    return phrase("{label}, row {row}", label=label, row=row)
