"""Privacy (rulebook section 16): reported messages, hidden ones, and redactions by two staff.

M1 report · M2 hide · M3 dismiss · M4 ask for a redaction · M5 approve it · M6 refuse it. Ids of this house.
"""
