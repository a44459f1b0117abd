"""What `/readyz` answers: to anybody whether the desk works and which part does not, to the administrator all of it."""

from __future__ import annotations

from collections.abc import Iterable

from trim_bot.app.watch.not_ready import NotReady
from trim_bot.domain.alerts import AdminAlert
from trim_bot.domain.chat_workspaces import UnreachableWorkspace
from trim_bot.domain.outages import PLATFORMS, Outage


def ready_answer(
    away: Iterable[UnreachableWorkspace],
    wrong: Iterable[Outage],
    alerts: Iterable[AdminAlert],
    *,
    whole: bool,
) -> dict[str, object]:
    """Of a desk that is ready. A platform that cannot be asked takes nothing from that: messages wait.

    `whole` is for the administrator: where to look may name a workspace, and so a customer.
    """
    names = sorted({one.workspace.partition(":")[0] for one in away})
    told = [one.told(whole=whole) for one in wrong if whole or one.part in PLATFORMS]
    answer: dict[str, object] = {"ready": True}
    return (
        answer
        | ({"away": names} if names else {})
        | ({"outages": told} if told else {})
        | _kinds(alerts, whole)
    )


def not_ready_answer(
    reason: NotReady, store: str, alerts: Iterable[AdminAlert], *, whole: bool
) -> dict[str, object]:
    """Of a desk that is not: the code, and which store it is about, where it is about one."""
    answer: dict[str, object] = {"ready": False, "code": reason.value}
    return answer | ({"store": store} if store else {}) | _kinds(alerts, whole)


def _kinds(alerts: Iterable[AdminAlert], whole: bool) -> dict[str, object]:
    names = sorted({one.kind.value for one in alerts if whole or one.kind.is_public})
    return {"alerts": names} if names else {}
