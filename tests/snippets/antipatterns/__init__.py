"""Tests of snippets/antipatterns."""
