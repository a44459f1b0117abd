"""A form that no platform could draw cannot be made."""

from __future__ import annotations

import pytest

from trim_bot.app.seam.views import Form, TextInput, Toggle


def test_two_fields_of_one_name_are_no_form() -> None:
    with pytest.raises(ValueError, match="same name"):
        Form("f", "T", (TextInput("a", "A"), Toggle("a", "A")), submit="Send")
    Form("f", "T", (TextInput("a", "A"), Toggle("b", "A")), submit="Send")
