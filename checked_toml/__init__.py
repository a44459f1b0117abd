"""Reads a TOML file that a person wrote: checked values, and every fault with its file and line."""
