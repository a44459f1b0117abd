"""Turns an activity of the Bot Connector into a gesture of the desk, trusting nothing in it: one file,
since each part is distrusted alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import takewhile
from typing import assert_never

from integrations.ground.drawing import Json
from integrations.ground.untrusted_input import (
    Malformed,
    called,
    checked,
    items,
    mapping,
    own_name,
    part,
    text,
)
from integrations.teams import wire
from integrations.teams.connector import MOST_CONVERSATION, MOST_SERVICE_URL, ConversationRoute
from integrations.teams.wire import (
    ACTION_KEY,
    ENTRA_ID,
    FORM_KEY,
    KINDS_KEY,
    RESERVED,
    TICKED,
    TOKEN_KEY,
    WORDS_KEY,
    FieldKind,
    entra_id,
    is_verb,
    parted,
)
from trim_bot.app.seam.gestures import Gesture, Invoke, Press, Submit, Value
from trim_bot.domain.people import Address, Platform, Profile
from trim_bot.domain.zones import known_zone

PERSONAL = "personal"
MOST_MEMBERS = 1000
MOST_NAME = 500
_MENTION = re.compile(r"\s*<at>[^<]{0,200}</at>")


class ActivityKind(Enum):
    """What an activity is for."""

    OPENING = "opening"
    """A dialog is to be opened; the answer is what stands in it."""
    SENDING = "sending"
    """Something was sent or pressed in a dialog; the answer is what stands in it next."""
    PRESSING = "pressing"
    """A button of a card in the chat was pressed; the answer takes the card's place."""
    TYPED = "typed"
    """Words typed to the app in its own chat."""
    INSTALLED = "installed"
    """A person has the app now."""
    REMOVED = "removed"
    """A person has it no more."""
    UNKNOWN_INVOKE = "unknown_invoke"
    """Something that needs an answer, and that nobody here understands."""
    UNUSED = "unused"
    """Well-formed, and nothing has to be done."""


INVOKES = {
    "composeExtension/fetchTask": ActivityKind.OPENING,
    "composeExtension/submitAction": ActivityKind.SENDING,
    "task/fetch": ActivityKind.OPENING,
    "task/submit": ActivityKind.SENDING,
    "adaptiveCard/action": ActivityKind.PRESSING,
}
"""The invokes that are answered."""
_INSTALLATIONS = {
    "add": ActivityKind.INSTALLED,
    "add-upgrade": ActivityKind.INSTALLED,
    "remove": ActivityKind.REMOVED,
    "remove-upgrade": ActivityKind.UNUSED,
}


@dataclass(frozen=True, slots=True)
class TeamsArrival:
    """One activity, read and checked."""

    kind: ActivityKind
    tenant: str = ""
    profile: Profile | None = field(default=None, repr=False)
    """Who did this, as far as the activity tells; None only where nothing has to be done."""
    route: ConversationRoute | None = None
    """Where messages to them go, when the activity tells it."""
    id: str = ""
    """The activity's own id, the same when it comes again."""
    command: str = ""
    """Id of the message-extension command that opens a dialog."""
    data: Mapping[str, object] = field(default_factory=dict, repr=False)
    """What a button carries, with what stood in the fields beside it."""
    typed: str = field(default="", repr=False)

    @property
    def address(self) -> Address | None:
        """Whose gesture this is."""
        return self.profile.address if self.profile is not None else None

    @property
    def language(self) -> str:
        """The language that their client is shown in; empty where the activity does not tell."""
        return self.profile.language if self.profile is not None else ""


def read_json(body: bytes) -> Mapping[str, object]:
    """The object in a body. Raises Malformed."""
    try:
        return mapping(json.loads(body))
    except (ValueError, RecursionError):
        raise Malformed from None


def read_activity(activity: Mapping[str, object]) -> TeamsArrival:
    """Read one activity. Raises Malformed for anything the Bot Connector does not send."""
    kind = text(activity, "type", 100)
    if not kind:
        raise Malformed
    read = _READERS.get(kind)
    if read is None:
        return TeamsArrival(ActivityKind.UNUSED, _tenant(activity))
    return read(activity)


def _tenant(activity: Mapping[str, object]) -> str:
    """The tenant; empty where none is named, or where two places name different ones: both open nothing."""
    named = (
        part(part(activity, "channelData"), "tenant").get("id"),
        part(activity, "conversation").get("tenantId"),
        part(activity, "from").get("tenantId"),
    )
    found = {entra_id(one) for one in named if one is not None}
    return found.pop() if len(found) == 1 else ""


def _sender(activity: Mapping[str, object], tenant: str) -> Profile | None:
    """Who did it. Only people of Entra have such an id: the app itself and other apps have none."""
    person = part(activity, "from").get("aadObjectId")
    if person is None or not tenant:
        return None
    address = Address(Platform.TEAMS, tenant, entra_id(person))
    name = called(part(activity, "from"), "name")
    language = text(activity, "locale", 50).partition("-")[0].lower()
    return Profile(address, name, zone=_zone(activity), language=language)


def _zone(activity: Mapping[str, object]) -> str:
    """The zone of the client, where it tells one that is known."""
    told = [activity.get("localTimezone")]
    told += [mapping(one).get("timezone") for one in items(activity, "entities", MOST_MEMBERS)]
    return next((name for name in told if isinstance(name, str) and known_zone(name)), "")


def _is_personal(activity: Mapping[str, object]) -> bool:
    conversation = part(activity, "conversation")
    return conversation.get("conversationType") == PERSONAL and conversation.get("isGroup") is not True


def _route(activity: Mapping[str, object]) -> ConversationRoute | None:
    """The 1:1 conversation with the app; None for any other place."""
    if not _is_personal(activity):
        return None
    conversation = text(part(activity, "conversation"), "id", MOST_CONVERSATION)
    return (
        ConversationRoute(text(activity, "serviceUrl", MOST_SERVICE_URL), conversation)
        if conversation
        else None
    )


def _invoke(activity: Mapping[str, object]) -> TeamsArrival:
    tenant = _tenant(activity)
    name = text(activity, "name", 200)
    kind = INVOKES.get(name, ActivityKind.UNKNOWN_INVOKE)
    if kind is ActivityKind.UNKNOWN_INVOKE:
        return TeamsArrival(kind, tenant)
    profile = _sender(activity, tenant)
    if tenant and profile is None:
        raise Malformed
    value = part(activity, "value")
    # A message extension is used wherever people write to one another, so its conversation is not the app's own.
    route = None if name.startswith("composeExtension/") else _route(activity)
    command = text(value, "commandId", 100) if name == "composeExtension/fetchTask" else ""
    data = part(part(value, "action"), "data") if kind is ActivityKind.PRESSING else part(value, "data")
    return TeamsArrival(kind, tenant, profile, route, text(activity, "id", 300), command, data)


def _message(activity: Mapping[str, object]) -> TeamsArrival:
    tenant, profile, route = _tenant(activity), None, None
    # What is written in a channel or a group is never looked at.
    if _is_personal(activity):
        profile, route = _sender(activity, tenant), _route(activity)
    typed = _MENTION.sub("", text(activity, "text", 100_000), count=1).strip() if profile else ""
    if profile is None or route is None or not typed:
        return TeamsArrival(ActivityKind.UNUSED, tenant)
    return TeamsArrival(ActivityKind.TYPED, tenant, profile, route, text(activity, "id", 300), typed=typed)


def _installation(activity: Mapping[str, object]) -> TeamsArrival:
    kind = _INSTALLATIONS.get(text(activity, "action", 100), ActivityKind.UNUSED)
    return _moved(activity, kind)


def _conversation(activity: Mapping[str, object]) -> TeamsArrival:
    app = part(activity, "recipient").get("id")
    for change, kind in (("membersAdded", ActivityKind.INSTALLED), ("membersRemoved", ActivityKind.REMOVED)):
        if app and any(mapping(one).get("id") == app for one in items(activity, change, MOST_MEMBERS)):
            return _moved(activity, kind)
    return TeamsArrival(ActivityKind.UNUSED, _tenant(activity))


def _moved(activity: Mapping[str, object], kind: ActivityKind) -> TeamsArrival:
    """The app came to a person or went away from one; in a team or a group that is nobody's own matter."""
    tenant = _tenant(activity)
    profile, route = _sender(activity, tenant), _route(activity)
    if kind is ActivityKind.UNUSED or profile is None or route is None:
        return TeamsArrival(ActivityKind.UNUSED, tenant)
    return TeamsArrival(kind, tenant, profile, route, text(activity, "id", 300))


_READERS: Mapping[str, Callable[[Mapping[str, object]], TeamsArrival]] = {
    "invoke": _invoke,
    "message": _message,
    "installationUpdate": _installation,
    "conversationUpdate": _conversation,
}


COMMANDS = frozenset({"peer", "support"})
"""Ids of the message-extension commands: the first words of the desk, whatever the commands are called."""


def gesture_of(arrival: TeamsArrival) -> Gesture:
    """The gesture of something that was opened, sent or pressed. Raises Malformed."""
    data, tenant = arrival.data, arrival.tenant
    if arrival.command:
        if arrival.command not in COMMANDS:
            raise Malformed
        return Invoke((arrival.command,))
    named = [key for key in (FORM_KEY, ACTION_KEY, WORDS_KEY) if data.get(key)]
    if len(named) != 1:
        raise Malformed
    token = text(data, TOKEN_KEY, wire.TOKEN)
    match named[0]:
        case "form" if arrival.kind is not ActivityKind.PRESSING:
            return Submit(text(data, FORM_KEY, wire.FIELD_NAME), token, typed_values(data, tenant))
        case "action":
            return Press(text(data, ACTION_KEY, wire.FIELD_NAME), token, typed_values(data, tenant))
        case "words" if arrival.kind is not ActivityKind.PRESSING:
            return Invoke(opened_words(data))
        case _:
            raise Malformed


def same_again(arrival: TeamsArrival) -> Json:
    """What a button has to carry so that pressing it makes the same gesture: all that came in, and no more."""
    if arrival.command:
        return {WORDS_KEY: arrival.command}
    plain: Json = {name: value for name, value in arrival.data.items() if isinstance(value, str | bool)}
    kinds = arrival.data.get(KINDS_KEY)
    return plain | ({KINDS_KEY: dict(kinds)} if isinstance(kinds, dict) else {})


def words_typed(typed: str) -> tuple[str, tuple[str, ...]]:
    """The first word typed to the app, without its slash, and the verbs after it; empty where there is none.

    Names of people do not belong there: reading stops at what is not a short word.
    """
    command, *words = typed.lower().removeprefix("/").split()[: wire.WORDS] or [""]
    if len(command) > wire.FIELD_NAME:
        return "", ()
    return command, tuple(takewhile(is_verb, words))


def typed_values(data: Mapping[str, object], tenant: str) -> dict[str, Value]:
    """Everything that stood in the fields, keyed by field. People become addresses of the same tenant.

    The kinds of the fields come with the card; without them texts stay texts. A client may leave out a field that
    is empty, so that every field whose kind is told is there. Raises Malformed.
    """
    kinds = _kinds(data)
    sent = {name: value for name, value in data.items() if name not in RESERVED}
    if len(sent.keys() | kinds.keys()) > wire.FIELDS:
        raise Malformed
    values: dict[str, Value] = {}
    for name in kinds | sent:
        values[own_name(name, wire.FIELD_NAME)] = _value(sent.get(name), kinds.get(name), tenant)
    return values


def opened_words(data: Mapping[str, object]) -> tuple[str, ...]:
    """The verbs a card was made with that answers typed words; empty when it is another card."""
    said = tuple(text(data, WORDS_KEY, wire.WORDS * (wire.WORD_LETTERS + 1)).split())
    if len(said) > wire.WORDS or not all(map(is_verb, said)):
        raise Malformed
    return said


def _kinds(data: Mapping[str, object]) -> dict[str, FieldKind]:
    told = part(data, KINDS_KEY)
    if len(told) > wire.FIELDS or not RESERVED.isdisjoint(told):
        raise Malformed
    try:
        return {name: FieldKind(kind) for name, kind in told.items()}
    except ValueError:
        raise Malformed from None


def _value(sent: object, kind: FieldKind | None, tenant: str) -> Value:
    if kind is FieldKind.TOGGLE:
        # Older clients say "true" for whatever stands for yes.
        return sent is True or sent in (TICKED, "true")
    if kind is None and isinstance(sent, bool):
        return sent
    said = "" if sent is None else checked(sent)
    match kind:
        case None | FieldKind.TEXT | FieldKind.CHOICE | FieldKind.DATE | FieldKind.TIME:
            return said
        case FieldKind.CHOICES:
            return _several(said, wire.OPTIONS)
        case FieldKind.PERSON:
            return _person(next(iter(_several(said, 1)), ""), tenant)
        case FieldKind.PEOPLE:
            return tuple(_person(one, tenant) for one in _several(said, wire.PEOPLE_NAMED))
        case _:
            assert_never(kind)


def _several(said: str, most: int) -> tuple[str, ...]:
    found = parted(said)
    if len(found) > most:
        raise Malformed
    return found


def _person(said: str, tenant: str) -> str:
    """An object id is somebody of this tenant; a whole address was in the field before. The desk checks either."""
    if not said:
        return ""
    if ENTRA_ID.fullmatch(said):
        return Address(Platform.TEAMS, tenant, entra_id(said)).text
    try:
        return Address.parse(said).text
    except ValueError:
        raise Malformed from None
