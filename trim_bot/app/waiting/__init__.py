"""What waits for somebody: steps, working hours, the ladder, and the messages that say so."""
