"""Tags and filters that every page may use; a template builtin, so no ``{% load %}``.

The instant a page was made for is ``now`` in the context (or ``request.now``), the
viewer's zone is ``tz`` (or ``request.user.timezone``). Nothing here asks a clock.
"""

from django.template import Library

from core.web.tags import frame, sums, times

register = Library()

for part in (times, sums, frame):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
