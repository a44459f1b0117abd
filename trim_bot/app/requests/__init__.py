"""Asking for support, signed in or not, and answering whoever asked."""
