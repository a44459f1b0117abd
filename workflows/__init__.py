"""A pure library: programmes as data, and the arithmetic of their windows."""
