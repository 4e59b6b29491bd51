"""Loads, played on the deployed local cloud and counted at its endpoint."""
