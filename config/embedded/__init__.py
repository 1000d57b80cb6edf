"""Real PostgreSQL and real Redis without installing either.

The binaries come out of two wheels. The servers listen on UNIX sockets only,
keep their data under ``.data/`` and are used whenever ``DATABASE_URL`` or
``REDIS_URL`` is not set. Two *profiles* never share data:

``dev``
    durable; what ``make run`` serves.
``test``
    ``fsync`` off; what the tests use and may lose.

Nothing in this package imports Django: it has to work before settings load.
"""

from config.embedded.errors import ServiceError
from config.embedded.profile import Profile
from config.embedded.stack import Stack

__all__ = ["Profile", "ServiceError", "Stack"]
