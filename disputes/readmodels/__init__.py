"""Read models of the dispute's pages: all a page says, worked out here, so that templates only print."""

from disputes.readmodels.base import People, load_dispute, people_of, viewer_for
from disputes.readmodels.page import CasePage, dispute_page, read_page

__all__ = ["CasePage", "People", "dispute_page", "load_dispute", "people_of", "read_page", "viewer_for"]
