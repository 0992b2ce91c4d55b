"""Imports: `planning_*` what a file would do, `applying` does it, `jobs` upload, confirm, run; `progress` how far."""
