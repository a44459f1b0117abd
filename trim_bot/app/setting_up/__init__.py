"""Setting an organisation up in the browser: a list that ticks itself off, and the settings behind it."""
