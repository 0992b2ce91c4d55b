"""Tests mirror the apps. A package, so that no library's stray `tests` package is imported in its place."""
