"""The erasure ledger: what was erased and revoked, kept apart from the data so that a restore cannot bring it back."""
