"""Tests of snippets/pooling."""
