"""The key store: wrapped data keys in a database of their own."""
