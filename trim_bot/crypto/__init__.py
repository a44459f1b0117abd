"""The only place that seals and opens what people said."""
