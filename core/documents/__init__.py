"""Documents of a case: issued inside the change they document, made into PDFs by the worker, checkable by anybody.

A room says what its documents contain (`registry.register`) and issues them from a reaction (`services.issue`);
the template, the file, the record's head and the page where a holder checks it are the same for all.
"""
