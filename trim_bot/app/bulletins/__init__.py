"""Bulletins: figures of closed periods, published once in bands, each table declared ahead."""
