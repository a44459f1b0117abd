"""The browser adapter: pages, sign-in and the practice workspace."""
