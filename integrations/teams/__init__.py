"""The Microsoft Teams adapter: activities in, cards out."""
