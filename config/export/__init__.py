"""The copy of one's own data: the one place that reads every room for one person."""
