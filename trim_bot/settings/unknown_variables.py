"""Finds variables that look like ours and are not, since a mistyped one would else be left out without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trim_bot.settings.environment import KEYRING, Settings

_PREFIXES = ("TRIM_BOT_", "SLACK_", "TEAMS_")
_SHORT = 12
"""From so many letters on two may be wrong; in a shorter name one."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
# Kubernetes sets these for every service of a namespace, one that is called trim-bot or slack among them.
_OF_A_SERVICE = re.compile(
    r"[A-Z0-9_]+_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP)(?:_\w+)?)?)"
)


@dataclass(frozen=True, slots=True)
class UnknownVariable:
    """A variable that has no effect; its value is looked at nowhere."""

    name: str
    meant: str
    """The variable of ours that it most likely stands for; empty where none is near."""

    def __str__(self) -> str:
        near = f" Did you mean {self.meant}?" if self.meant else ""
        return f"{self.name} is no variable of the desk, and has no effect.{near}"


def unknown_here(environment: Mapping[str, str]) -> tuple[UnknownVariable, ...]:
    """Those of the environment of this process."""
    kind, _, place = environment.get(KEYRING, "").partition(":")
    known = {name.upper() for name in Settings.model_fields} | {"VAULT_TOKEN", "VAULT_TOKEN_FILE"}
    return unknown_variables(environment, known | ({place.upper()} if kind == "env" else set()))


def unknown_variables(names: Iterable[str], known: Iterable[str]) -> tuple[UnknownVariable, ...]:
    """Those of `names` that begin as ours do, or are nearly one of `known`; `known` is in capitals."""
    ours = sorted(known)
    found = []
    for name in sorted(set(names)):
        asked = name.upper()
        if asked in ours or not _NAME.fullmatch(name) or _OF_A_SERVICE.fullmatch(asked):
            continue
        meant = min(ours, key=lambda one: _distance(asked, one), default="")
        near = meant if meant and _distance(asked, meant) <= (2 if len(meant) >= _SHORT else 1) else ""
        if near or asked.startswith(_PREFIXES):
            found.append(UnknownVariable(name, near))
    return tuple(found)


def _distance(one: str, other: str) -> int:
    """How many letters to put in, take out, change or swap with the next make one of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, sign in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
