"""Kept figures, counted from open columns alone."""
