"""A pure library that computes when the stages of a programme open, close and move."""
