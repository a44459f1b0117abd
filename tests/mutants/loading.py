"""A pytest plugin that has one module imported as changed, without a file of the project being touched."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

MODULE = "MUTANT_MODULE"
SOURCE = "MUTANT_SOURCE"
STILLBORN = 86
"""The exit code that says the changed module cannot even be imported: no test has noticed anything."""


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, in the text of a file elsewhere."""

    def __init__(self, module: str, source: Path) -> None:
        self._module = module
        self._source = source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        place = importlib.machinery.PathFinder.find_spec(fullname, path)
        if place is None or place.origin is None:
            raise ImportError(fullname)
        return importlib.util.spec_from_file_location(fullname, place.origin, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        try:
            code = compile(self._source.read_text(encoding="utf-8"), module.__file__ or "", "exec")
            exec(code, module.__dict__)  # noqa: S102 (the project's own text, with one small change)
        except Exception:  # noqa: BLE001 (whatever it raises, it is not a desk that could be tested)
            os._exit(STILLBORN)


if MODULE in os.environ:
    sys.meta_path.insert(0, _Changed(os.environ[MODULE], Path(os.environ[SOURCE])))
