"""What can go wrong with keys, sealed values and tokens, in texts that are safe to show."""

from __future__ import annotations

from trim_bot.domain.errors import RecordAltered, SafeError


class CryptoError(SafeError):
    """The base of every error here. The text never holds a key or anything a person typed."""


class KeyringError(CryptoError):
    """The keyring cannot be read, is malformed, or is not protected as it must be."""


class KeyringMissing(KeyringError):
    """Nothing is at the keyring's address."""


class KeyServiceAway(KeyringError):
    """The service that opens the keyring does not answer now."""

    text = "The key service does not answer"


class KeyServiceRefused(KeyringError):
    """The service answers, and does not open the keyring: another key, a token without the right, or a wrong path."""

    text = "The key service does not open this keyring"


class WrongKey(CryptoError):
    """A data key was not wrapped by any key of this keyring, or was changed since."""

    text = "This keyring does not open the stored keys"


class SealBroken(RecordAltered, CryptoError):
    """A sealed value was changed, moved to another place, or sealed under another key."""

    text = "A sealed value could not be opened: it was changed or moved"


class InvalidToken(CryptoError):
    """A token is forged, malformed or too long."""

    text = "This link or form is not valid"


class ExpiredToken(CryptoError):
    """A genuine token is past its time."""

    text = "This form has been open too long"


class TokenTooLong(CryptoError):
    """A token would be longer than the limit. The caller put too much in it."""

    text = "A token would be too long"
