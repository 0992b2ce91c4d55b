"""The people of an organisation: invited, given roles, removed (registry-rules.md 2; docs/people.md).

models       invitations, the history of changes, mails to who has no account yet
roles        which roles there are in which kind of organisation, and which of them take a second person
identity     identity documents: checked, sealed, shown masked; which accounts are one natural person
links        what stands in a mailed link, and opens once
letters      mails to people without an account
invitations  asking somebody in, and their coming
changing     other roles, and leaving
kinds        what takes two people
history      who changed what, when, why, before and after
"""
