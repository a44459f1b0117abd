"""What every adapter stands on: knows no platform, and is imported by all of them."""
