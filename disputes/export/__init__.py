"""A copy of one's own data, from the settings page (rulebook section 16).

This room keeps the request, its progress and the file; `config.export`, which may know every room, builds it.
"""
