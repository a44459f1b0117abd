"""What is said about room: how much somebody holds, and what follows when it is as much as the site allows."""

from __future__ import annotations


def at_the_limit(most: int) -> str:
    """For somebody who cannot take one more."""
    return f"You hold {talks(most)}, the most your site allows. Someone else has to take this one."


def held_line(held: int, most: int) -> str:
    """How much somebody holds."""
    if held < most:
        return f"You hold {held} of {most}, the most your site allows."
    return f"You hold {talks(held)}, as many as your site allows. New ones go to others."


def talks(number: int) -> str:
    """`1 piece of work`, `5 pieces of work`: cases, and requests that are no case yet."""
    return "1 piece of work" if number == 1 else f"{number} pieces of work"
