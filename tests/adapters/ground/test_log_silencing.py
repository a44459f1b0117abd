"""A library that was silenced stays so, whoever sets levels and handlers, and whenever its loggers are made."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from integrations.ground.fault_lines import silence, silent_logger

FAMILY = "a_library_that_talks"


class Ear(logging.Handler):
    """Keeps what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@pytest.fixture
def ear() -> Iterator[Ear]:
    """Listens at the root, at every level."""
    ear, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield ear
    root.removeHandler(ear)
    root.setLevel(level)


def test_a_family_and_what_is_below_it_say_nothing(ear: Ear, capfd: pytest.CaptureFixture[str]) -> None:
    early = logging.getLogger(f"{FAMILY}.early")
    silence([FAMILY])
    logging.getLogger(f"{FAMILY}.late").critical("said")
    for logger in (logging.getLogger(FAMILY), early):
        logger.setLevel(logging.DEBUG)
        logger.addHandler(ear)
        logger.critical("said")
    assert ear.heard == []
    assert capfd.readouterr() == ("", "")


def test_a_stranger_of_a_like_name_is_left_alone(ear: Ear) -> None:
    silence([FAMILY])
    logging.getLogger(f"{FAMILY}_too").critical("said")
    assert ear.heard == ["said"]


def test_a_logger_that_is_handed_out_says_nothing(ear: Ear, capfd: pytest.CaptureFixture[str]) -> None:
    logger = silent_logger()
    logger.addHandler(ear)
    logger.setLevel(logging.DEBUG)
    logger.critical("said")
    assert ear.heard == []
    assert capfd.readouterr() == ("", "")
