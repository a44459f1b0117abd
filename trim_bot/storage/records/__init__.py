"""Records as rows: their values as JSON, what is sealed, and the statements that keep and find them."""
