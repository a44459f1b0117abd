"""The ways in which the administrator is told: by a webhook and by mail."""
