"""Keeps Bolt and Slack's library from logging: both write whole request bodies and answers into the log."""

from __future__ import annotations

import logging

SILENT = logging.CRITICAL + 1


def silent_logger() -> logging.Logger:
    """A logger that drops everything, whatever levels are set elsewhere; every object of theirs is given it.

    They copy level, filters and `disabled` of the one they are given, so their own loggers fall silent too.
    What is worth knowing is reported by the adapter itself, with an opaque id.
    """
    logger = logging.Logger("integrations.slack.silent", SILENT)
    logger.addHandler(logging.NullHandler())
    logger.addFilter(_nothing)
    logger.propagate = False
    logger.disabled = True
    return logger


def silence_libraries() -> None:
    """Close the two families of loggers for those of their loggers that are made without ours."""
    for name in ("slack_bolt", "slack_sdk"):
        family = logging.getLogger(name)
        family.setLevel(SILENT)
        family.propagate = False
        family.addFilter(_nothing)
        if not family.handlers:
            family.addHandler(logging.NullHandler())


def _nothing(_record: logging.LogRecord) -> bool:
    return False
