"""How often one address may send something without a name."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from integrations.web import rate_limit
from integrations.web.rate_limit import MOST, MOST_ASKS, RateLimit, sender
from trim_bot.app.seam.gestures import Press, Submit
from trim_bot.app.seam.views import Form, TextInput
from trim_bot.app.words import page_words as words

pytestmark = pytest.mark.anyio


def request_from(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    client = (peer, 5000) if peer is not None else None
    return Request({"type": "http", "headers": headers, "client": client})


def test_an_address_is_counted_by_the_hour() -> None:
    at = [0.0]
    counts = RateLimit(lambda: at[0])
    assert [counts.too_often("one") for _ in range(MOST + 2)] == [False] * MOST + [True, True]
    assert not counts.too_often("another")
    at[0] = 3599.0
    assert counts.too_often("one")
    at[0] = 3600.0
    assert not counts.too_often("one")


def test_memory_is_bounded_and_holds_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_ADDRESSES", 3)
    counts = RateLimit(lambda: 0.0)
    for number in range(10):
        assert not counts.too_often(f"192.0.2.{number}")
    assert len(counts._counts) == 3
    assert "192.0.2" not in repr(vars(counts))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", (), "203.0.113.7"),
        ("8.8.8.8", ("9.9.9.9",), "8.8.8.8"),
        ("127.0.0.1", (), None),
        ("::1", (), None),
        ("127.0.0.1", ("1.1.1.1, 9.9.9.9",), "9.9.9.9"),
        ("10.0.0.2", ("1.1.1.1", "9.9.9.9"), "9.9.9.9"),
        ("10.0.0.2", (), "10.0.0.2"),
        ("10.0.0.2", ("nonsense",), "10.0.0.2"),
        ("127.0.0.1", ("::ffff:9.9.9.9",), "9.9.9.9"),
        ("2606:4700:1:2:3::4", (), "2606:4700:1:2::/64"),
        ("2606:4700:1:2:ffff::9", (), "2606:4700:1:2::/64"),
        ("testclient", (), None),
        (None, (), None),
    ],
)
def test_who_sends_is_told_by_the_peer_or_by_a_proxy_nearby(
    peer: str | None, forwarded: tuple[str, ...], address: str | None
) -> None:
    assert sender(request_from(peer, *forwarded)) == address


async def test_the_door_without_a_name_answers_calmly_with_help_when_it_is_too_often(browser) -> None:
    browser.client.headers["x-forwarded-for"] = "9.9.9.9"
    browser.desk.view = Form("ask", "Ask", (TextInput("what", "What?"),), "tok", "Send")
    _, page = await browser.get("/o/acme/ask")
    hidden = ("csrf", page.hidden("csrf")), ("t", page.hidden("t"))
    for _ in range(MOST_ASKS):
        response, _ = await browser.post("/o/acme/ask", *hidden, ("what", "words"))
        assert response.status_code == 200
    browser.desk.received.clear()
    response, page = await browser.post("/o/acme/ask", *hidden, ("what", "words"))
    assert response.status_code == 429
    assert words.OFTEN_TITLE in page.text
    assert "999" in page.text
    assert browser.desk.received == []
    assert (await browser.get("/o/acme/ask"))[0].status_code == 200
    browser.client.headers["x-forwarded-for"] = "9.9.9.8"
    response, _ = await browser.post("/o/acme/ask", *hidden, ("what", "words"))
    assert response.status_code == 200


async def test_links_with_a_token_count_too(browser) -> None:
    browser.client.headers["x-forwarded-for"] = "9.9.9.9"
    for _ in range(MOST):
        await browser.get("/o/acme/support?t=forged")
    assert all(gesture == Press("support", "forged") for _, gesture in browser.desk.received)
    browser.desk.received.clear()
    response, _ = await browser.get("/o/acme/support?t=forged")
    assert response.status_code == 429
    assert not any(isinstance(gesture, Press | Submit) for _, gesture in browser.desk.received)
