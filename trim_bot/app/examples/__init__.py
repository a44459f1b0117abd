"""The made-up data that every subject's examples are drawn with."""
