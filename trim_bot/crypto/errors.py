"""What can go wrong with keys, sealed values and tokens, in texts that are safe to show."""

from __future__ import annotations

from collections.abc import Iterable

from trim_bot.domain.errors import SafeError


class CryptoError(SafeError):
    """The base of every error here. The text never holds a key or anything a person typed."""


class KeyringError(CryptoError):
    """The keyring cannot be read, is malformed, or is not protected as it must be."""


class KeyringMissing(KeyringError):
    """Nothing is at the keyring's address."""


class WrongKey(CryptoError):
    """A data key was not wrapped by any key of this keyring, or was changed since."""

    def __init__(self) -> None:
        super().__init__("This keyring does not open the stored keys")


class SealBroken(CryptoError):
    """A sealed value was changed, moved to another place, or sealed under another key."""

    def __init__(self) -> None:
        super().__init__("A sealed value could not be opened: it was changed or moved")


class KeyGone(CryptoError):
    """The data key was destroyed or never existed: what it sealed cannot be read again."""

    def __init__(self, key_id: str) -> None:
        super().__init__("The key to this record has been destroyed")
        self.key_id = key_id


class KeyNeeded(CryptoError):
    """Data keys must be fetched outside the transaction; fetch `key_ids` and run the body again."""

    def __init__(self, key_ids: Iterable[str]) -> None:
        super().__init__("Data keys must be fetched before this can run")
        self.key_ids = tuple(key_ids)


class SparesNeeded(CryptoError):
    """No committed spare key is left; make `count` spares outside the transaction and run the body again."""

    def __init__(self, count: int) -> None:
        super().__init__("Spare data keys must be made before this can run")
        self.count = count


class BadToken(CryptoError):
    """A token is forged, malformed or too long."""

    def __init__(self) -> None:
        super().__init__("This link or form is not valid")


class ExpiredToken(CryptoError):
    """A genuine token is past its time."""

    def __init__(self) -> None:
        super().__init__("This form has been open too long")


class TokenTooLong(CryptoError):
    """A token would be longer than the limit. The caller put too much in it."""

    def __init__(self) -> None:
        super().__init__("A token would be too long")
