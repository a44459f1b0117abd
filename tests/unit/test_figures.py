"""Bands never narrow below five, never hide order, and tell nothing inside one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim_bot.domain.figures import figure_band
from trim_bot.domain.policy import POLICY

FIGURES = st.integers(min_value=0, max_value=100_000)


def ends(text: str) -> tuple[int, int]:
    first, last = text.split("–")
    return int(first), int(last)


@given(FIGURES)
def test_a_figure_lies_in_its_band_and_the_band_is_wide(n: int) -> None:
    first, last = ends(figure_band(n))
    assert first <= n <= last
    assert last - first + 1 >= 5


@given(FIGURES, FIGURES)
def test_bands_keep_order_and_never_overlap(a: int, b: int) -> None:
    low, high = sorted((a, b))
    first, second = ends(figure_band(low)), ends(figure_band(high))
    assert first == second or first[1] < second[0]


@given(FIGURES)
def test_every_figure_of_a_band_reads_the_same(n: int) -> None:
    first, last = ends(figure_band(n))
    assert {figure_band(one) for one in range(first, last + 1)} == {figure_band(n)}


def test_small_figures_and_nought_are_one_band() -> None:
    assert {figure_band(n) for n in range(POLICY.hidden_below)} == {"0–9"}
    assert [figure_band(n) for n in (10, 14, 15, 19, 20)] == ["10–14", "10–14", "15–19", "15–19", "20–24"]


def test_below_nought_is_no_figure() -> None:
    with pytest.raises(ValueError, match="nought"):
        figure_band(-1)
