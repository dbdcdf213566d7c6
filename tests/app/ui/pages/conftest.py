"""What the tests of pages share."""

from tests.app.ui.pages.little_home import empty_home, home, migrated, open_windows

__all__ = ["empty_home", "home", "migrated", "open_windows"]
