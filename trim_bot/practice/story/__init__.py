"""The whole story of the desk in steps, each played for real and checked."""
