"""Measures speed and size of the product beside plain anchors, in the same run."""
