"""The roster, the status, and the monthly note: nothing of any case."""
