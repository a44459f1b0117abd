"""The desk in a browser: plain, accessible pages that work without scripts."""
