"""Allocation (配额分配): who is given how many allowances of a year, and the working behind each number."""
