"""A browser, as in the browser tests."""

from tests.browser.conftest import browser_type_launch_args, page_of

__all__ = ["browser_type_launch_args", "page_of"]
