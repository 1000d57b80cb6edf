"""Settings: ``base`` plus one of ``dev`` (also ``make run``), ``test`` and ``prod``."""
