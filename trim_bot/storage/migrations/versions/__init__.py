"""One file for each step; a published one never changes."""
