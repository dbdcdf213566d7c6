"""The messages between application and service: shapes only, which both sides import."""
