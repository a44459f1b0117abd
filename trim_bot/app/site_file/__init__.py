"""The settings of an organisation as a file its people can read, check and keep."""
