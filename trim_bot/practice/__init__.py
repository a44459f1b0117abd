"""The practice workspace: made-up people, a movable clock, a little history, and the whole story in steps."""

from trim_bot.practice.workspace import practice_workspace, quiet_workspace

__all__ = ["practice_workspace", "quiet_workspace"]
