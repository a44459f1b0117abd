"""A connected chat workspace: its people met, and where they can be written to."""
