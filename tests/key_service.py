"""A stand-in for a key service on this machine: wraps and opens with a key of its own, or fails as it is told."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "stand-in-token"
MOUNT, KEY = "transit", "trim-bot"


@dataclass
class KeyService:
    """What it does with the next request, and what it was asked so far."""

    port: int = 0
    status: int = 200
    body: bytes | None = None
    asked: list[str] = field(default_factory=list)
    hangs: threading.Event | None = None
    """Set to let go of those whom it keeps waiting."""
    key: bytes = field(default_factory=lambda: AESGCM.generate_key(256))

    def address(self, file: object) -> str:
        """As TRIM_BOT_KEYRING names it."""
        return f"vault+http://127.0.0.1:{self.port}/{MOUNT}/{KEY}?file={file}"

    def answer(self, path: str, token: str, sent: dict[str, str]) -> tuple[int, bytes]:
        """Its answer to one request."""
        verb = path.split("/")[3]
        self.asked.append(verb)
        if self.hangs is not None:
            self.hangs.wait()
        if self.status != 200 or self.body is not None:
            return self.status, self.body or b'{"errors": ["' + token.encode() + b'"]}'
        if token != TOKEN or path.split("/")[2] != MOUNT or path.split("/")[4] != KEY:
            return 403, b'{"errors": ["permission denied"]}'
        if verb == "encrypt":
            nonce = secrets.token_bytes(12)
            sealed = nonce + AESGCM(self.key).encrypt(nonce, base64.b64decode(sent["plaintext"]), None)
            return 200, _data(ciphertext="vault:v1:" + base64.b64encode(sealed).decode())
        held = base64.b64decode(sent["ciphertext"].removeprefix("vault:v1:"))
        try:
            plain = AESGCM(self.key).decrypt(held[:12], held[12:], None)
        except InvalidTag:
            return 400, b'{"errors": ["cipher: message authentication failed"]}'
        return 200, _data(plaintext=base64.b64encode(plain).decode())


def _data(**held: str) -> bytes:
    return json.dumps({"data": held}).encode()


@contextmanager
def key_service(port: int = 0, key: bytes | None = None) -> Iterator[KeyService]:
    """One that answers at a port of this machine until the block ends."""
    service = KeyService() if key is None else KeyService(key=key)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, body = service.answer(self.path, self.headers.get("X-Vault-Token", ""), sent)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("location", f"http://127.0.0.1:{service.port}/v1/elsewhere/decrypt/other")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        if service.hangs is not None:
            service.hangs.set()
        server.shutdown()
        server.server_close()
        thread.join()
