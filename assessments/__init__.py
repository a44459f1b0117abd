"""A pure library: questionnaires as data, and what may and may not be read from their scores."""
