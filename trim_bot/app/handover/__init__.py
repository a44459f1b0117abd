"""Moving work on: leave, cover, reporting lines, and somebody erased."""
