"""The colours can be read, targets can be hit, and nothing moves or is fetched from elsewhere."""

import re
from itertools import product

import pytest

from integrations.web.template_environment import CSS, ICON

SHEET = CSS.decode()
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block))
    for block in re.findall(r":root\s*\{(.*?)\}", SHEET, re.DOTALL)[:2]
)
TEXT_ON = [
    *product(("ink", "quiet", "teal"), ("paper", "sheet", "teal-wash")),
    *product(("ink", "ochre"), ("ochre-wash", "paper")),
    *product(("ink", "red"), ("red-wash",)),
    ("on-teal", "teal"),
    ("on-bar", "bar"),
    ("on-bar", "bar-button"),
]
EDGES_ON = [*product(("edge", "teal"), ("paper", "sheet")), ("ochre-edge", "paper"), ("red", "red-wash")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_guideline_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_stands_out_seven_times(palette, text, ground):
    assert contrast(palette[text], palette[ground]) >= 7


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES_ON)
def test_edges_of_what_can_be_used_stand_out_three_times(palette, edge, ground):
    assert contrast(palette[edge], palette[ground]) >= 3


def test_both_palettes_name_the_same_colours_and_no_rule_has_its_own():
    assert LIGHT.keys() == DARK.keys()
    rules = re.sub(r":root\s*\{.*?\}", "", SHEET, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*\})", rules) == []


def test_nothing_moves_and_nothing_comes_from_elsewhere():
    assert not re.search(r"animation|transition|@import|url\(|@keyframes", SHEET)


def test_targets_are_large_enough_for_a_thumb():
    sizes = [int(size) for size in re.findall(r"min-height:\s*(\d+)px", SHEET)]
    assert sizes
    assert min(sizes) >= 44


def test_the_icon_is_two_circles_without_style_or_script():
    icon = ICON.decode()
    assert icon.count("<circle") == 2
    assert not re.search(r"style|script|href|on\w+=", icon)
