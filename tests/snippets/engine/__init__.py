"""Tests of snippets/engine."""
