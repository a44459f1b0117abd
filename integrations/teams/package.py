"""Packs manifest and icons into the one file that is uploaded, byte for byte the same for the same input."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO

from integrations.teams.icons import colour_icon, outline_icon
from integrations.teams.manifest import COLOUR_FILE, OUTLINE_FILE
from integrations.teams.manifest_rules import MANIFEST_FILE

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can say; the time of packing would make each package another."""
_UNIX, _READABLE = 3, 0o644 << 16


def app_package(manifest: Mapping[str, object]) -> bytes:
    """The zip to upload: the manifest and its two icons, at the root."""
    files = {
        MANIFEST_FILE: (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode(),
        COLOUR_FILE: colour_icon(),
        OUTLINE_FILE: outline_icon(),
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, _NO_TIME)
            about.create_system, about.external_attr = _UNIX, _READABLE
            about.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(about, content)
    return packed.getvalue()
