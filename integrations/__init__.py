"""The ways in: each adapter turns one platform into the desk's gestures and views."""
