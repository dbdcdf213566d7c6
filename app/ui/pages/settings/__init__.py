"""The Settings page, generated from the declarations in `app.config`."""
