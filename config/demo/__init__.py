"""The demonstration world: people and cases made by calling the services under a moving clock."""
