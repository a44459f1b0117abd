"""The settings of an organisation as a file its people can read, check and keep."""

from trim_bot.app.site_file.defaults import DEFAULT_KINDS, default_site
from trim_bot.app.site_file.reading import SiteFile, SiteFileError, SiteFileErrors, read_site

__all__ = [
    "DEFAULT_KINDS",
    "SiteFile",
    "SiteFileError",
    "SiteFileErrors",
    "default_site",
    "read_site",
]
