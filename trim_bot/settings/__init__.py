"""The deployment's settings: the environment, checked whole before anything starts."""
