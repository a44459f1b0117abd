"""Draws all randomness of this process from one seed while a town runs, so that its run can be had again."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """`os.urandom`, and with it `secrets` and `random`, from a seed."""
    source = random.Random(f"bytes {seed}")
    state = random.getstate()
    random.seed(f"shared {seed}")
    try:
        with (
            patch.object(os, "urandom", source.randbytes),
            patch.object(random, "_urandom", source.randbytes),
        ):
            yield
    finally:
        random.setstate(state)
