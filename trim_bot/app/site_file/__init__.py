"""The settings of an organisation as a file its people can read, check and keep."""

from trim_bot.app.site_file.reading import (
    DEFAULT_KINDS,
    SiteFile,
    SiteFileError,
    SiteFileErrors,
    default_site,
    read_site,
)

__all__ = [
    "DEFAULT_KINDS",
    "SiteFile",
    "SiteFileError",
    "SiteFileErrors",
    "default_site",
    "read_site",
]
