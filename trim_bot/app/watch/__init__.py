"""What is out of order now and since when, and who is at work."""
