"""The page of help numbers follows its file, however shortly after one another two are put there."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from integrations.web.help_file import HelpFile, HelpNumbers
from trim_bot.app.site_file.reading import default_site
from trim_bot.domain.site import CrisisNumber


def test_two_files_of_one_moment_are_told_apart(tmp_path: Path) -> None:
    file = HelpFile(tmp_path / "help.json")
    numbers = HelpNumbers(file)
    for said in ("111", "222"):
        file.put(replace(default_site("A", "a", ()), numbers=(CrisisNumber("Help", said, "GB"),)))
        os.utime(file.path, ns=(1, 1))
        assert [one.number for one in numbers().site] == [said]
