"""The whole story of the desk in steps, each played for real and checked."""

from trim_bot.practice.story.playing import play
from trim_bot.practice.story.step_context import Teller

__all__ = ["Teller", "play"]
