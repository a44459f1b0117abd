"""Tells by mail, over a server that the administrator names; its time is bounded, its certificate looked at."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from integrations.alerts.addresses import MailAddress, Security
from integrations.ground.outgoing_calls import OutgoingCalls
from trim_bot.app.watch.alert_words import AlertText
from trim_bot.app.watch.not_taken import NotTaken
from trim_bot.domain.errors import Trouble, TryLater

STEP_SECONDS = 5.0
"""For the connection, and for each answer of the server."""


class Mail:
    """Implements the port `Way`."""

    def __init__(self, address: MailAddress, ways: OutgoingCalls) -> None:
        self.name = address.name
        self._address = address
        self._ways = ways

    async def send(self, text: AlertText) -> None:
        """Raises NotTaken, TryLater."""
        letter = self._letter(text)
        await self._ways.ask(self.name, lambda: asyncio.to_thread(self._hand_over, letter))

    def _letter(self, text: AlertText) -> EmailMessage:
        letter = EmailMessage()
        letter["Subject"] = text.subject
        letter["From"] = self._address.sender
        letter["To"] = ", ".join(self._address.receivers)
        letter["Date"] = formatdate(usegmt=True)
        letter["Message-ID"] = make_msgid(domain=self._address.sender.rpartition("@")[2])
        # So that nobody's notice of absence answers it.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(f"{text.text}\n")
        return letter

    def _hand_over(self, letter: EmailMessage) -> None:
        try:
            with self._connect() as server:
                refused = server.send_message(letter)
            if refused:
                raise _refusal(refused)
        except smtplib.SMTPResponseException as error:
            if 400 <= error.smtp_code < 500:
                raise TryLater(trouble=Trouble.FAILING) from None
            # Its text may quote the login.
            raise NotTaken(
                f"The server answered with code {error.smtp_code}", f"code {error.smtp_code}"
            ) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients) from None
        except smtplib.SMTPNotSupportedError:
            raise NotTaken("The server takes no STARTTLS or no login", "not supported") from None
        except ssl.SSLError:
            raise NotTaken("The server's certificate does not fit", "certificate") from None
        except TimeoutError:
            raise TryLater(trouble=Trouble.SLOW) from None
        except (smtplib.SMTPException, OSError):
            raise TryLater(trouble=Trouble.REFUSED) from None
        except ValueError:
            # Its text holds the password or the address.
            raise NotTaken("A sign in its name, password or address cannot be sent", "signs") from None

    def _connect(self) -> smtplib.SMTP:
        address, context = self._address, ssl.create_default_context()
        if address.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                address.host, address.port, timeout=STEP_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(address.host, address.port, timeout=STEP_SECONDS)
        try:
            if address.security is Security.STARTTLS:
                server.starttls(context=context)
            if address.user:
                _log_in(server, address)
        except BaseException:
            server.close()
            raise
        return server


def _log_in(server: smtplib.SMTP, address: MailAddress) -> None:
    try:
        server.login(address.user, address.password)
    except smtplib.SMTPException as error:
        # The library has no kind of its own for a server that offers no way it knows.
        if type(error) is smtplib.SMTPException:
            raise NotTaken("The server offers no way to log in that the desk knows", "no login") from None
        raise


def _refusal(refused: Mapping[str, tuple[int, bytes]]) -> NotTaken | TryLater:
    """Some receivers, or all, were not taken: others may have it, but nobody may be told that it was sent."""
    codes = sorted({code for code, _ in refused.values()})
    if all(400 <= code < 500 for code in codes):
        return TryLater(trouble=Trouble.FAILING)
    said = f"The server does not take {len(refused)} of the receivers: code {codes[-1]}"
    return NotTaken(said, f"code {codes[-1]}")
