"""The schema's history, one step a file; run by `app.models.migrate`."""
