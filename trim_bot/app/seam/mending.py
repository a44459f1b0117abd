"""How to mend a field: what is wrong and what to do, without repeating what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from trim_bot.app.seam.sentences import listed, phrase, phrase_of
from trim_bot.domain.as_typed import Unclear

FILL_IN = "Please fill this in."
CHOOSE_ONE = "Please choose one of the answers."
CHOOSE_FROM_LIST = "Please choose from the list."
CHOOSE_AT_LEAST_ONE = "Please choose at least one."
TICK_TO_GO_ON = "Please tick this to go on."
GIVE_DATE = "Please give a date."
GIVE_DAY = "Please choose a day above, or give one here."
ONE_DAY = "This is another day than the one you chose above. Please keep one of the two."
DATE_NOT_READ = "Please give the date as day, month and year, such as 24 May 2026."
DATE_IN_FUTURE = "This is in the future. Please give a time that has passed."
DATE_PASSED = "This time has passed. Please choose a later one."
DATE_LONG_AGO = "This is more than sixty years ago. Please check the year."
CHECK_YEAR = "Please check the year."
DATE_TOO_FAR = "This is more than a year away. Please choose an earlier day."
GIVE_TIME = "Please give a time."
TIME_NOT_READ = "Please give the time as hours and minutes, such as 14:30."
MORNING_OR_EVENING = "Is this in the morning or the evening? Please write it like 8:00, or 8 pm."
HOUR_OR_MINUTES = "This time can be read in two ways. Please write it with four digits, such as 08:00."
TIME_CONTRADICTS = "The hour and the am or pm do not fit. Please write it like 20:00, or 8 pm."
MIDNIGHT_OF_WHICH_DAY = "Please write 0:00 if the day begins then, or 24:00 if it ends then."
DAY_OR_MONTH = "The day and the month can be mixed up here. Please write the month as a word: 3 May 2026."
CHOOSE_PERSON = "Please choose a person."
PERSON_TWICE = "The same person is here twice. Please name each person once."
PERSON_UNKNOWN = "We do not know this person. You can use the field for someone not listed."
PERSON_LEFT = "One of these people has left or cannot be reached here. Please take them out."
PERSON_NOT_CHECKED = "We could not check this person just now. Nothing was lost. Please try again."
NOT_ONESELF = "Nobody can give this to themself. Please ask somebody else who keeps the roster."
ONLY_LEAD = "This is the only lead. Please suspend them, or give somebody else the role first."
ONLY_DEPUTY = "Nobody else leads here. Please give somebody else the role of lead or deputy first."
NOBODY_EXPOSED = "Please name at least one person, here or under someone not listed."
AWAY_IN_ORDER = "Give the last day away too, on or after the first."
AWAY_OR_NOT = "Please choose that you are away, or leave this day empty."
HOURS_NOT_READ = "Please write hours like 09:00-17:00, or 9 am to 5 pm."
NO_SUCH_CODE = "We do not know this code. Please check each letter."
ALREADY_ANSWERED = "This was answered already."
TOO_EARLY = "This cannot be held yet. Please choose a later time."
NOT_ALLOWED_HOLDER = "This practitioner cannot take it. Please choose another."
NO_LEAD_TO_AGREE = (
    "No lead is here who could say yes to this. Please leave it to a lead, or have a deputy named first."
)
BEYOND_THE_LIMIT = "They hold as many as your site allows. Tick this if they have agreed to one more."
COVER_IS_HOLDER = "This practitioner holds it already. Please choose somebody else to cover."
AFTER_CALL_OPEN = "After a call for safety you speak with them again first. Please write down what followed."
LOOK_ONCE_OPEN = (
    "A call for safety was taken back. A lead asks you about it once; after that these talks can end."
)
SAFETY_CALL_OPEN = "Somebody has been called in for safety. Please wait until they have answered."
LAST_BEFORE_FIRST = "This is before the first day. Please put one of the two right."
SETTING_SAVED_MEANWHILE = (
    "Somebody else saved this since you opened it. To keep yours in its place, save again."
)
RELEASE_CHANGED = (
    "Somebody else changed what goes out since you opened this. Please look again, then release."
)
CHANGED_MEANWHILE = "Somebody else changed this list since you opened it. Please look at it again first."
LOOK_AGAIN = (
    "This is not what you looked at: the text or the settings changed. Please go back and look again."
)
LAST_NUMBER = "This is the only number to ring. Please add another one first."
TALK_SAVED_MEANWHILE = (
    "Something was saved in this talk since you opened this page, in another place. "
    "Go back to look at it, or finish to take it as it is now."
)
TICKED = phrase("ticked")
EXPIRES_BEFORE = "The end date is before the training date. Please check both."


_UNCLEAR = {
    Unclear.MORNING_OR_EVENING: MORNING_OR_EVENING,
    Unclear.HOUR_OR_MINUTES: HOUR_OR_MINUTES,
    Unclear.CONTRADICTS: TIME_CONTRADICTS,
    Unclear.MIDNIGHT: MIDNIGHT_OF_WHICH_DAY,
    Unclear.DAY_OR_MONTH: DAY_OR_MONTH,
}


def of_time(why: Unclear) -> str:
    """For a time that could not be read."""
    return _UNCLEAR.get(why, TIME_NOT_READ)


def of_day(why: Unclear) -> str:
    """For a day that could not be read."""
    return _UNCLEAR.get(why, DATE_NOT_READ)


def rows_unread(rows: Sequence[int]) -> str:
    """For people of a list who could not be read, by their places in it."""
    return phrase(
        "{rows} could not be read. Please mend or take out. The others are as you left them.",
        rows=_rows(rows),
    )


def unlisted_rows(rows: Sequence[int]) -> str:
    """For rows of a list in which a name and a number cannot be told apart, by their places in it."""
    return phrase(
        "{rows}: please write a name, then a comma, then a phone number. The others are kept.",
        rows=_rows(rows),
    )


def _rows(rows: Sequence[int]) -> str:
    return phrase_of(len(rows), "Row {rows}", "Rows {rows}", rows=listed([str(row) for row in rows]))


def too_long(most: int) -> str:
    """For text over its limit of `most` characters."""
    return phrase("Please use at most {most} characters.", most=f"{most:,}")


def too_many_people(most: int) -> str:
    """For more than `most` people at once."""
    return phrase("Please name at most {most} people at once.", most=most)


def kept_elsewhere(kept: str) -> str:
    """Where an answer was saved since the form was opened, in another place or by somebody else: what it is now."""
    now = (
        phrase("This was saved since you opened it, as: {kept}.", kept=kept)
        if kept
        else phrase("This was emptied since you opened it.")
    )
    return phrase("{now} To keep yours in its place, save again.", now=now)


def whole_number(least: int, most: int) -> str:
    """For a number that is none, or out of its range."""
    return phrase("Please give a whole number from {least} to {most}.", least=least, most=most)
