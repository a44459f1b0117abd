"""`greet`: the welcome to everybody, once the set-up is done."""

from __future__ import annotations

from trim_bot.app.workspaces.founding import organisation_for
from trim_bot.app.workspaces.greeting import Greeted, greet_everybody, must_be_set_up
from trim_bot.bootstrap.deployment import Deployment
from trim_bot.cli.deployment import with_deployment
from trim_bot.cli.faults import Json, Organisation, Yes, confirm
from trim_bot.cli.printing import next_step, say, say_json
from trim_bot.domain.key_use import KeyUse
from trim_bot.domain.site import Organisation as Employer


def greet(organisation: Organisation = None, yes: Yes = False, as_json: Json = False) -> None:
    """Let the desk write to everybody: the welcome goes to all who are known, and to others as they come."""

    async def look(deployment: Deployment) -> Employer:
        employer = await organisation_for(deployment.store, None, organisation)
        await must_be_set_up(deployment.store, deployment.founder, employer)
        return employer

    employer = with_deployment(look)
    confirm(
        f"Write to everybody of {employer.slug} in chat now? It is one message each, the same for all.",
        yes=yes,
    )

    async def act(deployment: Deployment) -> Greeted:
        return await greet_everybody(deployment.store, deployment.clock, deployment.founder, employer)

    done = with_deployment(act, use=KeyUse.NAMES)
    if as_json:
        say_json({"organisation": employer.slug, "changed": done.began or done.queued})
    elif done.began or done.queued:
        say(
            f"Everybody of {employer.slug} gets the welcome in their working hours, and so does whoever comes later."
        )
        next_step("leave the desk running; trim-bot doctor says how it is")
    else:
        say(f"Everybody known of {employer.slug} had the welcome already. Nothing changed.")
