"""The other side of the wire in sandbox mode: a payment gateway that confirms like a real one.

Mounted by config/urls_sandbox.py alone, in a process of its own; it shares no row with the product but its own.
"""
