"""The dispute's pages for the parties, and the shared page for staff."""
