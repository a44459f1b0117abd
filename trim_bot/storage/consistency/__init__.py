"""Whether data, keys and ledger belong together, by one identity and generation in all three."""
