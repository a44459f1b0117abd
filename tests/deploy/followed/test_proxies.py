"""The guides for nginx and Caddy, typed as they stand before a served desk, and what then comes through."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import time

import pytest

from tests.deploy.followed.machine import Machine
from tests.deploy.followed.settling import SIGNING_SECRET, follow, must_be_open
from tests.deploy.guides import commands
from tests.deploy.steps import step

HOST = "peer.example.org"
PLACE = f"/etc/letsencrypt/live/{HOST}"
CERTIFICATE = f"""
mkdir -p {PLACE}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN={HOST} \\
    -addext subjectAltName=DNS:{HOST} -keyout {PLACE}/privkey.pem -out {PLACE}/fullchain.pem 2>/dev/null
chmod -R a+rX /etc/letsencrypt
"""
TOKEN = "a-token-that-signs-somebody-in"
MOST = 512 * 1024
SECURITY = (
    "content-security-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
    "strict-transport-security",
)


def ask(
    linux: Machine, url: str, *options: str, host: str = HOST, trust: bool = True
) -> tuple[int, str, str]:
    """Status, head and body of one request. 0 where the connection was refused."""
    safe = f"--cacert {PLACE}/fullchain.pem" if trust else "--insecure"
    resolved = " ".join(f"--resolve {host}:{port}:127.0.0.1" for port in (80, 443))
    done = linux.run(
        f"curl -s -D /srv/head -o /srv/body -w '%{{http_code}}' {safe} {resolved} {' '.join(options)} '{url}' || true"
    )
    status = int(done.stdout)
    read = (lambda name: linux.file(name).read_text(errors="replace")) if status else (lambda name: "")
    return status, read("/srv/head"), read("/srv/body")


def signed(body: bytes) -> list[str]:
    """A request as Slack signs it."""
    stamp = str(int(time.time()))
    mark = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    heads = (
        "Content-Type: application/json",
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: v0={mark}",
    )
    return [*(f"-H '{head}'" for head in heads), f"--data-binary '{body.decode()}'"]


def what_comes_through(linux: Machine) -> None:
    """What both proxies have to do while the desk is there."""
    status, head, _ = ask(linux, f"https://{HOST}/")
    assert status == 200
    for name in SECURITY:
        assert head.lower().count(f"\n{name}:") == 1, name
    slack = ask(
        linux, f"https://{HOST}/slack/events", *signed(b'{"type":"url_verification","challenge":"c-1"}')
    )
    assert (slack[0], json.loads(slack[2])) == (200, {"challenge": "c-1"})
    for size, expected in ((MOST, 401), (MOST + 1, 413), (3 * MOST, 413)):
        linux.run(f"head -c {size} /dev/zero > /srv/large")
        assert ask(linux, f"https://{HOST}/slack/events", "--data-binary @/srv/large")[0] == expected
    assert ask(linux, f"https://{HOST}/", "-H 'Host: other.example'")[0] == 421
    assert ask(linux, "https://other.example/", host="other.example", trust=False)[0] == 0
    for inside in ("/metrics", "/readyz"):
        assert ask(linux, f"https://{HOST}{inside}")[0] == 404
    assert ask(linux, f"http://{HOST}/healthz")[0] == ask(linux, f"https://{HOST}/healthz")[0] == 200
    status, head, _ = ask(linux, f"http://{HOST}/sign-in?token={TOKEN}")
    assert (status, f"location: https://{HOST}/sign-in?token={TOKEN}" in head.lower()) == (308, True)
    assert ask(linux, f"https://{HOST}/sign-in?token={TOKEN}")[0] in (200, 404)


def what_is_there_without_the_desk(linux: Machine) -> None:
    """Help is always there, and nothing of what was asked for is written down."""
    linux.run("systemctl stop trim-bot-web.service")
    status, head, body = ask(linux, f"https://{HOST}/help-now")
    assert (status, "Help now" in body) == (200, True)
    for name in SECURITY:
        assert head.lower().count(f"\n{name}:") == 1, name
    assert ask(linux, f"https://{HOST}/static/desk.css?v=1")[0] == 200
    for more in ([], ["-d x=y"]):
        status, _, body = ask(linux, f"https://{HOST}/sign-in?token={TOKEN}", *more)
        assert (status, "Help now" in body) == (503, True)
    linux.run("systemctl start trim-bot-web.service")
    must_be_open(linux)
    assert ask(linux, f"https://{HOST}/help-now")[0] == 200
    found = linux.run(
        f"grep -rl {TOKEN} /var/log /run/log 2>/dev/null || true; journalctl --no-pager | grep -c {TOKEN} || true"
    )
    assert found.stdout.strip() == "0"


@pytest.mark.skipif(
    shutil.which("nginx") is None, reason="THE GUIDE FOR NGINX IS NOT FOLLOWED: nginx is not installed"
)
def test_nginx(desk: Machine) -> None:
    follow(desk, "nginx", "1. The copy of the help page")
    desk.run(CERTIFICATE)
    follow(desk, "nginx", "3. The site")
    with step("nginx.md", "What it does"):
        what_comes_through(desk)
        what_is_there_without_the_desk(desk)
    desk.run("systemctl stop nginx")


@pytest.mark.skipif(
    shutil.which("caddy") is None, reason="THE GUIDE FOR CADDY IS NOT FOLLOWED: caddy is not installed"
)
def test_caddy(desk: Machine) -> None:
    follow(desk, "caddy", "1. The copy of the help page")
    desk.run(CERTIFICATE)
    # A certificate of its own, as the guide says.
    own = (
        f"sed -i 's#^{HOST} {{#&\\n\\ttls {PLACE}/fullchain.pem {PLACE}/privkey.pem#' /etc/caddy/Caddyfile\n"
    )
    typed = commands("caddy", "2. The site").replace("caddy validate", f"{own}caddy validate")
    with step("caddy.md", "2. The site"):
        desk.run(typed, folder="/usr/local/src/trim-bot")
    with step("caddy.md", "What it does"):
        what_comes_through(desk)
        what_is_there_without_the_desk(desk)
    desk.run("systemctl stop caddy")
