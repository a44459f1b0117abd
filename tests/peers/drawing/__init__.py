"""Draws every view of the desk as Slack and as Teams would, with libraries that others wrote."""
