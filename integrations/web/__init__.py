"""The desk in a browser: plain, accessible pages, each of which works without a script."""
