"""Tests of snippets/sizing."""
