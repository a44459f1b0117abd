"""Where a deployment keeps its data, keys, ledger and help numbers, and a place for what is not to be kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from integrations.web.help_file import FILE_NAME, HelpFile
from trim_bot.settings.environment import Settings
from trim_bot.storage.backup.taking_backup import Places
from trim_bot.storage.small_stores import shown_address


def places_of(settings: Settings) -> Places:
    """The addresses of data, keys and ledger."""
    return Places(
        data=settings.database_url.get_secret_value(),
        keys=settings.keystore_url.get_secret_value(),
        ledger=settings.ledger_url.get_secret_value(),
    )


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address, or None for any other."""
    if not url.startswith("sqlite"):
        return None
    return Path(url.partition("://")[2].partition("?")[0].removeprefix("/"))


def spoken_address(url: str) -> str:
    """Where a store is, as it may be shown: a file by its whole path, a server without password and options."""
    file = sqlite_path(url)
    if file is not None:
        return f"the file {file.absolute()}"
    return shown_address(url)


def file_at(url: str) -> tuple[int, int] | None:
    """What tells the file of a SQLite address from any other that may take its place; None where there is none."""
    path = sqlite_path(url)
    try:
        found = path.stat() if path is not None else None
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None


def help_path(settings: Settings) -> Path:
    """As `HELP_FILE` says, else beside the keyring's file, else beside the database's: the same for each command.

    Where neither is a file, in the folder the desk runs in; production refuses that.
    """
    if settings.help_file:
        return Path(settings.help_file).absolute()
    if settings.keyring_file is not None:
        return settings.keyring_file.absolute().parent / FILE_NAME
    return _beside_data(settings)


def help_file(settings: Settings) -> HelpFile:
    """The file of help numbers, and where it lay before the keyring's folder became its place."""
    path, former = help_path(settings), _beside_data(settings)
    return HelpFile(path, former if former != path else None)


def _beside_data(settings: Settings) -> Path:
    file = sqlite_path(settings.database_url.get_secret_value())
    return (file.parent / FILE_NAME if file is not None else Path(FILE_NAME)).absolute()


@contextmanager
def throwaway(settings: Settings) -> Iterator[Settings]:
    """The same settings with three empty databases of their own; whatever is kept there goes at the end."""
    with TemporaryDirectory(prefix="trim-bot-") as folder:
        yield beside(settings, Path(folder))


def beside(settings: Settings, folder: Path) -> Settings:
    """The same settings with three SQLite files and an anchor in a folder of their own; none of them is made."""
    places = {
        f"{name}_url": SecretStr(f"sqlite:///{folder}/{name}.db")
        for name in ("database", "keystore", "ledger")
    }
    return settings.model_copy(update={**places, "anchor_url": f"file:{folder}/anchor"})
