"""What there is to say of stored keys: whether records open, what is in quarantine, and what a sweep refused."""

from __future__ import annotations

from trim_bot.bootstrap.clock import real_now
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.bootstrap.findings import Finding, fail, ok, warn
from trim_bot.bootstrap.time_watch import described
from trim_bot.domain.clock_jumps import AGREES_WITHIN
from trim_bot.storage.consistency.check import open_one_of_each


async def record_finding(deployment: Deployment) -> Finding:
    """Whether data and keys belong together, shown by opening some of it."""
    opened = await open_one_of_each(deployment.store, deployment.key_store, deployment.ledger)
    if opened.shut:
        kinds = ", ".join(opened.shut)
        return fail(
            "records", f"Records that should open do not: {kinds}. Bring back the key store from a backup."
        )
    if opened.missing:
        return fail(
            "records", f"{opened.missing} key(s) of records are not in the key store. Those stay unreadable."
        )
    return ok("records", f"One record of each kind opens, {opened.kinds} in all.")


async def key_sweep_finding(deployment: Deployment) -> Finding:
    """What the next look at unused keys would do, and when the last one was."""
    found = await deployment.key_sweep.run(real_now(), dry_run=True)
    if found.refused:
        return warn(
            "unused-keys",
            f"{found.refused} of {found.of} keys have no record, which is too many at once, so all of them stay. "
            "If DATABASE_URL is right, run trim-bot retention run --accept-unused.",
        )
    last = deployment.key_store.swept_at()
    when = "never looked for yet" if last is None else f"last looked for at {last:%Y-%m-%d %H:%M} UTC"
    return ok("unused-keys", f"{found.quarantined} of {found.of} in quarantine; {when}.")


async def clock_finding(deployment: Deployment) -> Finding | None:
    """Why this machine's clock is not believed, or None; asked last, when every platform was heard."""
    await deployment.clock_check.look()
    doubt = deployment.time.doubt()
    if doubt is None:
        return None
    server = await deployment.store.server_time()
    contradicted = server is not None and abs(real_now() - server) > AGREES_WITHIN
    mend = (
        "The database server's clock says otherwise: put right whichever of the two is wrong."
        if contradicted
        else "If it is right, run trim-bot retention run --trust-clock."
    )
    return fail(
        "clock",
        f"This machine's clock seems {described(doubt)}. Nothing is erased for its age and no week is closed "
        f"until it agrees. {mend}",
    )
