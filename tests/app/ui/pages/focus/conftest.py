"""What the tests of this page share."""

from tests.app.ui.pages.live_home import home, new_home

__all__ = ["home", "new_home"]
