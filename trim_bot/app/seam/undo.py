"""Carries a view out of a transaction whose changes must not be kept."""

from __future__ import annotations

from trim_bot.app.seam.views import View


class Undo(Exception):
    """Nothing of this gesture is kept, and `view` is the answer.

    `reads` says that the view shows the content of the form that was sent, which is journalled before it is shown.
    """

    def __init__(self, view: View, *, reads: bool = False) -> None:
        super().__init__("nothing was saved")
        self.view = view
        self.reads = reads
