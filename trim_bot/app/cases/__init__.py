"""A case: who holds it, its conversations, and its end."""
