"""The work account: what the login says is believed only when every check of it holds."""

from __future__ import annotations

import logging
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from integrations.web.work_account import NotSignedIn, WorkAccount
from tests.adapters.web.entra import APP, BACK, HOST, PASSWORD, PERSON, TENANT, Entra
from trim_bot.domain.errors import TryLater
from trim_bot.domain.people import Address, Platform

pytestmark = pytest.mark.anyio
OTHER = "99999999-2222-3333-4444-555555555555"
SOMEBODY = Address(Platform.TEAMS, TENANT, PERSON)


def account(entra: Entra, tenant: str = "") -> WorkAccount:
    return WorkAccount(entra, HOST, APP, PASSWORD, tenant, BACK, b"secret of the browser pages")


async def come_back(entra: Entra, tenant: str = "") -> Address:
    work = account(entra, tenant)
    address, kept = await work.begin()
    return await work.finish(kept, entra.log_in(address))


async def test_somebody_who_signs_in_is_known_by_tenant_and_object() -> None:
    assert await come_back(Entra()) == SOMEBODY


@pytest.mark.parametrize("claim", ["nbf", "iat"])
async def test_our_clock_may_be_five_minutes_behind_the_login_s(claim: str) -> None:
    assert await come_back(Entra(claims={claim: int(time.time()) + 290})) == SOMEBODY


@pytest.mark.parametrize(
    ("what", "claims"),
    [
        ("nonce", {"nonce": "another"}),
        ("issuer", {"iss": "https://elsewhere.test/x/v2.0"}),
        ("issuer of another tenant", {"iss": f"https://login.test/{OTHER}/v2.0"}),
        ("audience", {"aud": "another-app"}),
        ("expired", {"exp": int(time.time()) - 61}),
        ("not valid yet", {"nbf": int(time.time()) + 7200}),
        ("made later", {"iat": int(time.time()) + 7200}),
        ("tenant that is no id", {"tid": "not-an-id"}),
        ("object that is no id", {"oid": "U1"}),
    ],
)
async def test_a_token_that_says_something_else_is_refused(what: str, claims: dict[str, object]) -> None:
    entra = Entra(claims=claims)
    with pytest.raises(NotSignedIn):
        await come_back(entra)


async def test_a_guest_of_the_tenant_is_refused_and_its_own_people_are_not() -> None:
    for guest in (f"https://sts.windows.net/{OTHER}/", "live.com", "mail", 7):
        with pytest.raises(NotSignedIn):
            await come_back(Entra(claims={"idp": guest}))
    for own in (f"{HOST}/{TENANT}/v2.0", f"https://sts.windows.net/{TENANT}/"):
        assert await come_back(Entra(claims={"idp": own})) == SOMEBODY


@pytest.mark.parametrize("name", ["nonce", "iss", "aud", "exp", "iat", "tid", "oid"])
async def test_a_token_that_leaves_something_out_is_refused(name: str) -> None:
    with pytest.raises(NotSignedIn):
        await come_back(Entra(without=(name,)))


async def test_a_token_signed_by_somebody_else_is_refused() -> None:
    entra = Entra()
    entra.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(NotSignedIn):
        await come_back(entra)


async def test_a_token_under_an_unknown_key_is_refused_after_looking_for_it_once() -> None:
    entra = Entra(kid="k2")
    with pytest.raises(NotSignedIn):
        await come_back(entra)
    assert sum(url.endswith("/keys") for url in entra.asked) == 1


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
async def test_a_token_under_another_algorithm_is_refused(algorithm: str) -> None:
    entra = Entra(algorithm=algorithm)
    entra.signs_with = PASSWORD * 4 if algorithm == "HS256" else None
    with pytest.raises(NotSignedIn):
        await come_back(entra)


async def test_a_new_key_of_the_login_is_fetched() -> None:
    entra = Entra()
    work = account(entra)
    for kid in ("k1", "k2"):
        entra.kid = entra.served = kid
        address, kept = await work.begin()
        assert await work.finish(kept, entra.log_in(address)) == SOMEBODY


async def test_where_one_tenant_is_served_another_is_refused() -> None:
    entra = Entra()

    def log_in(address: str) -> dict[str, str]:
        return entra.log_in(address.replace(OTHER, "organizations"))

    work = account(entra, OTHER)
    address, kept = await work.begin()
    with pytest.raises(NotSignedIn):
        await work.finish(kept, log_in(address))


@pytest.mark.parametrize("change", [{"state": "another"}, {"state": ""}, {"code": ""}, {"code": "made-up"}])
async def test_an_answer_that_was_not_asked_for_is_refused(change: dict[str, str]) -> None:
    entra = Entra()
    work = account(entra)
    address, kept = await work.begin()
    with pytest.raises(NotSignedIn):
        await work.finish(kept, entra.log_in(address) | change)


async def test_what_the_browser_kept_is_signed_and_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    entra = Entra()
    work = account(entra)
    address, kept = await work.begin()
    answer = entra.log_in(address)
    for bad in ("", "x", kept[:-2] + "xx", f"x{kept}"):
        with pytest.raises(NotSignedIn):
            await work.finish(bad, answer)
    now = time.time()
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: now + 601)
        with pytest.raises(NotSignedIn):
            await work.finish(kept, answer)
    other = WorkAccount(entra, HOST, APP, PASSWORD, "", BACK, b"another secret")
    with pytest.raises(NotSignedIn):
        await other.finish(kept, answer)


async def test_somebody_elses_start_does_not_finish_mine() -> None:
    entra = Entra()
    work = account(entra)
    _, mine = await work.begin()
    theirs, _ = await work.begin()
    with pytest.raises(NotSignedIn):
        await work.finish(mine, entra.log_in(theirs))


async def test_a_code_works_once() -> None:
    entra = Entra()
    work = account(entra)
    address, kept = await work.begin()
    answer = entra.log_in(address)
    assert await work.finish(kept, answer) == SOMEBODY
    with pytest.raises(NotSignedIn):
        await work.finish(kept, answer)


async def test_while_the_login_is_down_people_are_asked_to_come_later() -> None:
    with pytest.raises(TryLater):
        await account(Entra(down=True)).begin()
    entra = Entra()
    work = account(entra)
    address, kept = await work.begin()
    answer = entra.log_in(address)
    entra.down = True
    with pytest.raises(TryLater):
        await work.finish(kept, answer)


async def test_nothing_of_the_person_is_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    entra = Entra()
    work = account(entra)
    address, kept = await work.begin()
    await work.finish(kept, entra.log_in(address))
    with pytest.raises(NotSignedIn):
        await work.finish(kept, {"state": "x", "code": "y"})
    said = " ".join(record.getMessage() for record in caplog.records)
    for word in ("Somebody Real", PERSON, PASSWORD, "opaque", "PII"):
        assert word not in said
    assert list(work._client().token_cache.search("AccessToken")) == []
    await work.close()
    assert entra.closed
