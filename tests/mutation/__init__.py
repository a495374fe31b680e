"""Mutation testing of the snippets: each small change to a snippet must fail one of its tests.

`python -m tests.mutation [topic/name …]`, or `make mutation`, runs it; survivors.toml lists what may survive, and why.
"""
