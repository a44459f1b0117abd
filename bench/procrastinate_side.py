"""Run by the Python of `make bench-peers`: `ADDRESS FILL` fills in so many future jobs, then dispatches some.

It imports nothing of ours. With FILL 0 the jobs of before are there. Prints JSON: seconds for one dispatched job.
"""

import asyncio
import importlib
import json
import sys
import time
from datetime import UTC, datetime, timedelta

# It lies in an environment of its own, where nothing looks at types.
procrastinate = importlib.import_module("procrastinate")

DUE = 50
FILL = """
    INSERT INTO procrastinate_jobs (task_name, queue_name, args, scheduled_at)
    SELECT 'remind', 'default', jsonb_build_object('number', i), now() + interval '1 day' + i * interval '1 minute'
    FROM generate_series(1, %(rows)s) AS g(i)
"""


async def main(address: str, fill: int) -> None:
    """Fill, dispatch, print."""
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=4)
    )
    done = 0

    @app.task(name="remind")
    async def remind(number: int) -> None:
        nonlocal done
        done += 1

    async with app.open_async():
        if fill:
            await app.schema_manager.apply_schema_async()
            await app.connector.execute_query_async(FILL, rows=fill)
            await app.connector.execute_query_async("ANALYZE procrastinate_jobs")
        past = datetime.now(UTC) - timedelta(seconds=10)
        due = app.configure_task("remind", schedule_at=past)
        await due.batch_defer_async(*({"number": number} for number in range(DUE)))
        begun = time.perf_counter()
        await app.run_worker_async(
            wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False
        )
        spent = time.perf_counter() - begun
    assert done == DUE, done
    print(json.dumps({"seconds": spent / done}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
