"""Shanghai's carbon inclusion (碳普惠): small reductions of persons, counted, rewarded, issued as SHCER.

methodologies  what is counted how, and the arithmetic; pure
models, guards the tables, and what the database itself refuses
personal       a person's account, and which scenes may report about it
scenes         what the registry operator opens for an operator
files          the operator's file of activity records
planning       what a file would do
importing      from upload to its effect, by two people of the operator
points         earned and spent, never below zero
converting     a period's reductions into SHCER, through registry.credits
audit          an independent check of all that
"""
