"""The peer-support desk: one engine, reached through the chat a workplace already uses."""
