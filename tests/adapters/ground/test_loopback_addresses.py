"""Only what is really this machine counts as it."""

from __future__ import annotations

import pytest

from integrations.ground.outgoing_calls import is_loopback


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:9/api/", True),
        ("http://localhost:9/api/", True),
        ("http://[::1]/api/", True),
        ("https://slack.com/api/", False),
        ("https://127.0.0.1.example.org/api/", False),
    ],
)
def test_what_counts_as_this_machine(url: str, here: bool) -> None:
    assert is_loopback(url) is here
