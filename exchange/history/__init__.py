"""Daily history from before this platform's own days: imported bulletins, or a simulated past for the demo.

bulletins   reads the CSV of daily bulletins, line by line
checks      what the trading rules let us check in them
importing   writes them; never touches the platform's own days
simulation  invents a past that keeps every rule, from whole numbers and a fixed seed
series      what there is to list, since when, and how the composite is weighted
"""
