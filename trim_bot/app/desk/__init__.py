"""The one door: every gesture is read, allowed, filled, done, journalled and drawn here."""
