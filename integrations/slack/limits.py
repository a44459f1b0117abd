"""Slack's published limits, in characters and counts, so that each number stands in one place."""

BLOCKS_IN_VIEW = 100
TITLE = 24
"""Also the labels of submit and close."""
PRIVATE_METADATA = 3000
IDENTIFIER = 255
"""callback_id, block_id and action_id."""

HEADER = 150
SECTION = 3000
FIELDS = 10
FIELD = 2000
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 2000
ACTION_ELEMENTS = 25

BUTTON_TEXT = 75
BUTTON_VALUE = 2000
BUTTON_URL = 3000

INPUT_LABEL = 2000
INPUT_HINT = 2000
TYPED_TEXT = 3000
OPTION_TEXT = 75
"""Also the description under an option."""
OPTION_VALUE = 150
BUTTON_OPTIONS = 10
"""Radio buttons and checkboxes."""
SELECT_OPTIONS = 100
