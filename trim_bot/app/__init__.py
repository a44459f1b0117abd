"""The whole behaviour of the desk: what comes in, who may do it, what goes out."""
