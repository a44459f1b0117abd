"""Sentences that belong to no one subject, and times as people say them."""
