"""The whole story of the desk in steps, each played for real and checked."""

from trim_bot.practice.story.playing import Teller, play

__all__ = ["Teller", "play"]
