"""What `doctor` finds: each part of a deployment looked at by itself, each with a grade and a sentence."""
