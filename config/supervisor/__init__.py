"""``make run``: everything Evenhand consists of, under one Ctrl-C."""
