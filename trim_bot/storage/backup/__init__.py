"""Taking a backup, and bringing it back without anything that was erased since."""
