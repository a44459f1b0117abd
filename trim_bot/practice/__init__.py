"""The practice workspace: made-up people, a movable clock, a little history, and the whole story in steps."""
