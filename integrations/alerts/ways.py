"""Makes the ways out of their addresses, all under one policy of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, assert_never

from integrations.alerts.addresses import AlertAddress, MailAddress, WebhookAddress
from integrations.ground.outgoing_calls import OutgoingCalls

if TYPE_CHECKING:
    from integrations.alerts.mail import Mail
    from integrations.alerts.webhook import Webhook


def open_ways(addresses: Iterable[AlertAddress]) -> tuple[Webhook | Mail, ...]:
    """A way for each address, in their order."""
    calls = OutgoingCalls()
    return tuple(_way(address, calls) for address in addresses)


def _way(address: AlertAddress, calls: OutgoingCalls) -> Webhook | Mail:
    # Only here, so that a desk that tells nobody starts without what speaks to them.
    from integrations.alerts.mail import Mail
    from integrations.alerts.webhook import Webhook

    match address:
        case WebhookAddress():
            return Webhook(address, calls)
        case MailAddress():
            return Mail(address, calls)
        case _:
            assert_never(address)
