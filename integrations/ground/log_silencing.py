"""Keeps vendors' libraries from logging: they write addresses with ids in them, request bodies and answers."""

from __future__ import annotations

import logging
from collections.abc import Collection

SILENT = logging.CRITICAL + 1


def silent_logger() -> logging.Logger:
    """A logger that drops everything, whatever levels are set elsewhere, for libraries that take one.

    Some copy level, filters and `disabled` of the one they are given, so their own loggers fall silent too.
    What is worth knowing is reported by the adapter itself, with an opaque id.
    """
    logger = logging.Logger("integrations.silent")
    _close(logger)
    return logger


def silence(families: Collection[str]) -> None:
    """Close the loggers of these libraries and all below them, whatever levels and handlers are set elsewhere.

    A logger that is made later is silent by the level of its family, until it is given one of its own.
    """
    below = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in families]
    for name in {*families, *below}:
        _close(logging.getLogger(name))


def _close(logger: logging.Logger) -> None:
    logger.setLevel(SILENT)
    logger.propagate = False
    logger.disabled = True
    logger.addFilter(_nothing)
    if not logger.handlers:
        # Without one, Python writes what is at least a warning to the terminal.
        logger.addHandler(logging.NullHandler())


def _nothing(_record: logging.LogRecord) -> bool:
    return False
