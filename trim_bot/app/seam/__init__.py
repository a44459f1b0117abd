"""What every subject is written in: gestures in, views out, ports to the outside, and the unit of work."""
