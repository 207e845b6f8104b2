"""The world outside: files, links, tables."""
