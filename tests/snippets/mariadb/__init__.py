"""Tests of snippets/mariadb."""
