"""A pure library of versioned questionnaires and their scoring."""
