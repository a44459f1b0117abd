"""One's own record, profile, and what waits for oneself."""
