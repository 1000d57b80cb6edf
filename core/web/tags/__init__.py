"""The template tags, by subject; ``core.templatetags.evenhand`` gathers them into one library."""
