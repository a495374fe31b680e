"""Tests of snippets/processes."""
