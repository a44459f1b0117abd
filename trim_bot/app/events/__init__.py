"""Hard events, the people exposed, and the offers that follow."""
