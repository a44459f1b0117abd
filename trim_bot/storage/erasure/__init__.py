"""Erasing a case or a member: what goes, in which order, and who takes over the work."""
