"""Who somebody is: met by a platform or by name, free to serve, signed in."""
