"""A case: who holds it, its talks, and its end."""
