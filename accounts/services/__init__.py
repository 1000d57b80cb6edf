"""State changes of accounts."""
