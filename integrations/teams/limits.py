"""What Teams can hold, in bytes, characters and counts, so that each number stands in one place."""

MESSAGE_BYTES = 28 * 1024
"""A card in a chat; Teams refuses a larger one."""
DIALOG_BYTES = 100_000
"""A card in a dialog. No document gives a limit; the longest page of the desk has less than half of this."""
TITLE = 60
"""Of a dialog; Teams cuts a longer one where it likes."""
FIELD_NAME = 255
FIELDS = 100
CHOICE_BUTTONS = 10
"""From more options than this a list to choose from is made."""
OPTIONS = 100
PEOPLE_LISTED = 100
"""Names offered in a list of our own; with more, Teams looks people up besides."""
PEOPLE_NAMED = 1000
ROW_BUTTONS = 6
ROW_LETTERS = 46
"""A row of buttons with more than this is cut on a phone: their letters, and for each its edges."""
EDGE_LETTERS = 5
"""How many letters the edges of one button take the room of."""
URL = 2000
TOKEN = 4000
WORDS = 3
WORD_LETTERS = 20
