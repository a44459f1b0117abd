"""Where the app was added by an administrator: what was handed over, kept sealed, renewed and destroyed."""
