"""The codes of countries, so that a mistyped one is noticed where holidays and help numbers go by it."""

from __future__ import annotations

_CODES = (
    " AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO"
    " BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CU CV CW CX CY CZ DE"
    " DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM"
    " GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP"
    " KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK"
    " ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE"
    " PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM"
    " SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US"
    " UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "
)
_MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "JA": "JP", "SP": "ES"}
"""What is often written, and the code that is meant."""


def is_country(text: str) -> bool:
    """Whether a text is the code of a country or territory in ISO 3166, or one that is used like those."""
    return " " not in text and f" {text} " in _CODES


def country_words(text: str) -> str:
    """What the code of a country must be, with the right one for what is often written in its place."""
    words = "the code of a country in two capital letters, such as GB"
    return f"{words}; for {text} write {_MEANT[text]}" if text in _MEANT else words
