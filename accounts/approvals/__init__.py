"""Two people (registry-rules.md 2): what one asks for, another decides; the effect comes with the decision."""
