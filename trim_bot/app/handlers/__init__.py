"""One use case of the desk in each module."""
