"""The app proves who it is by a certificate, a federated token or a managed identity, as it does by a password."""

from __future__ import annotations

import base64
import datetime
import json
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from integrations.teams.app_credential import EXCHANGE, Credential, by_certificate, by_identity, by_token_file
from integrations.teams.cloud_names import CloudNames
from integrations.teams.credentials import Credentials
from tests.adapters.teams_app.fake_cloud import PASSWORD, TOKEN, FakeCloud, listening
from tests.adapters.teams_app.fake_teams import APP_ID, TENANT
from trim_bot.domain.errors import TryLater

pytestmark = pytest.mark.anyio
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
IDENTITY = "22222222-bbbb-4bbb-8bbb-222222222222"


def pem(*, key_first: bool = True) -> str:
    """A private key and its certificate, in one file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peer")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return f"{private}\n{public}" if key_first else f"{public}\n{private}"


async def token(cloud: FakeCloud, credential: Credential, names: CloudNames | None = None) -> str:
    made = Credentials(
        APP_ID, credential, TENANT, cloud.authority, cloud.graph_url, names=names or CloudNames()
    )
    try:
        return await made.for_connector()
    finally:
        await made.close()


def head(jwt: str) -> dict[str, object]:
    """What stands in the first part of a token."""
    part = jwt.partition(".")[0]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


@pytest.mark.parametrize("key_first", [True, False])
async def test_a_certificate_signs_in_place_of_a_password(tmp_path: Path, key_first: bool) -> None:
    file = tmp_path / "app.pem"
    file.write_text(pem(key_first=key_first))
    async with listening() as cloud:
        assert (await token(cloud, by_certificate(str(file)))).startswith(TOKEN)
        [login] = cloud.logins
    assert login["client_assertion_type"] == BEARER
    assert "client_secret" not in login
    assert head(login["client_assertion"])["alg"] == "PS256"


async def test_of_a_file_with_a_whole_chain_the_apps_own_certificate_counts(tmp_path: Path) -> None:
    """It comes first; those of whoever signed it follow."""
    own, file = pem(), tmp_path / "app.pem"
    seen = []
    for chain in (own, f"{own}\n{pem(key_first=False)}"):
        file.write_text(chain)
        async with listening() as cloud:
            await token(cloud, by_certificate(str(file)))
            [login] = cloud.logins
        seen.append(head(login["client_assertion"])["x5t#S256"])
    assert seen[0] == seen[1]


async def test_a_federated_token_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "token"
    async with listening() as cloud:
        for said in ("first", "second"):
            file.write_text(f"{said}\n")
            await token(cloud, by_token_file(str(file)))
        assert [login["client_assertion"] for login in cloud.logins] == ["first", "second"]


@pytest.mark.parametrize("held", [None, "", "no key here"])
async def test_a_proof_that_is_not_there_is_tried_again_later(tmp_path: Path, held: str | None) -> None:
    file = tmp_path / "proof"
    if held is not None:
        file.write_text(held)
    async with listening() as cloud:
        with pytest.raises(TryLater):
            await token(cloud, by_certificate(str(file)))
        if not held:
            with pytest.raises(TryLater):
                await token(cloud, by_token_file(str(file)))
        assert cloud.logins == []


async def test_a_managed_identity_stands_in_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None, str | None]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, request.query.get("resource"), request.query.get("client_id")))
        return web.json_response(
            {"access_token": "of-the-machine", "expires_in": "3600", "resource": EXCHANGE}
        )

    app = web.Application()
    app.router.add_route("GET", "/{path:.*}", answer)
    async with TestServer(app) as machine, listening() as cloud:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", str(machine.make_url("")))
        assert (await token(cloud, by_identity(IDENTITY))).startswith(TOKEN)
        [login] = cloud.logins
    assert login["client_assertion"] == "of-the-machine"
    assert asked == [("/metadata/identity/oauth2/token", EXCHANGE, IDENTITY)]


async def test_a_machine_without_an_identity_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9")
    async with listening() as cloud:
        with pytest.raises(TryLater):
            await token(cloud, by_identity(IDENTITY))


async def test_another_cloud_s_scope_is_asked_for() -> None:
    names = CloudNames("https://api.botframework.us", "https://api.botframework.us/.default", "elsewhere.us")
    async with listening() as cloud:
        await token(cloud, PASSWORD, names)
        assert cloud.logins[0]["scope"] == "https://api.botframework.us/.default"
