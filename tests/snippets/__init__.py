"""Tests of the snippets: what each teaches, that it runs as pasted, that it keeps the contract."""
