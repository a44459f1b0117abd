"""One person in two chats."""
