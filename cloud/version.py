"""The version of the service: the same as the application's, which it must not import."""

__version__ = "0.1.0"
