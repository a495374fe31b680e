"""Mutation testing of the snippets: each small change to a snippet should fail one of its tests.

`python -m tools.mutation [topic/name …]`, or `make mutation`, runs it; pyproject.toml has how many must be noticed.
"""
