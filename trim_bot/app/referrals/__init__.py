"""Help from professionals: offered with consent, and followed to its end."""
