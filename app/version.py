"""The version of DevPulse, read by the build and by every face of the program."""

__version__ = "0.1.0"
