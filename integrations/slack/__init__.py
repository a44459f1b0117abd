"""The Slack adapter: requests in, blocks out."""
