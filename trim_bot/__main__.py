"""Lets `python -m trim_bot` do what `trim-bot` does."""

from trim_bot.cli import main

if __name__ == "__main__":
    main()
