"""The provider's sandbox: somebody else's house. It knows nothing of ours but the messages on the wire.

It is installed and mounted in sandbox mode only, keeps its own tables (sandbox_provider_…), and a person plays
the arbitrator on its pages. It answers by signed webhooks over real HTTP.
"""
