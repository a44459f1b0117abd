"""A body is read no further than is needed, whatever its length says and however it ends."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.types import Message

from integrations.ground.untrusted_input import UnreadBody, bounded_body, media_type

pytestmark = pytest.mark.anyio
MOST = 10


def request(*parts: bytes, length: str | None = None, breaks_off: bool = False) -> Request:
    """A request whose body comes in parts; the last one may be the end of the connection."""
    waiting: list[Message] = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    end: Message = {"type": "http.disconnect"} if breaks_off else {"type": "http.request", "body": b""}
    waiting.append(end)

    async def receive() -> Message:
        return waiting.pop(0)

    headers = [] if length is None else [(b"content-length", length.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


async def test_a_body_of_the_longest_length_is_read_whole() -> None:
    assert await bounded_body(request(b"12345", b"67890", length="10"), MOST) == b"1234567890"
    assert await bounded_body(request(), MOST) == b""


@pytest.mark.parametrize("length", ["11", "9" * 19, "9" * 5000])
async def test_a_length_that_is_too_much_is_believed(length: str) -> None:
    with pytest.raises(UnreadBody) as raised:
        await bounded_body(request(length=length), MOST)
    assert raised.value.too_long


@pytest.mark.parametrize("length", ["", "-1", "1e3", "\u0663", "ten"])
async def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    with pytest.raises(UnreadBody) as raised:
        await bounded_body(request(length=length), MOST)
    assert not raised.value.too_long


async def test_a_body_that_outgrows_its_length_is_left_at_once() -> None:
    long = request(b"12345", b"678901", b"never read", length="5")
    with pytest.raises(UnreadBody) as raised:
        await bounded_body(long, MOST)
    assert raised.value.too_long
    assert (await long.receive())["body"] == b"never read"


async def test_a_body_that_breaks_off_is_none() -> None:
    with pytest.raises(UnreadBody) as raised:
        await bounded_body(request(b"12345", breaks_off=True), MOST)
    assert not raised.value.too_long


@pytest.mark.parametrize(
    "said", ["application/json", "Application/JSON; charset=utf-8", " application/json ;x"]
)
def test_the_kind_of_a_body_is_told_without_its_parameters(said: str) -> None:
    assert media_type(said) == "application/json"
