"""Tests of snippets/postgresql."""
