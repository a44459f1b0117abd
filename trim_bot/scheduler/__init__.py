"""The ticker that asks the desk whether anything is due."""
