"""Signing in and staying safe: passwords, second factors, guessing, sessions, keys.

allauth brings the flows; what stands here is what this platform demands of them (docs/sign-in.md).

models         who signed in from where, and how many guesses are left
adapters       allauth's hooks: words, limits, alerts, secrets at rest
second_factor  who needs one, and what is shut until it is there
step_up        the second factor again, before what cannot be taken back
guesses        how often somebody may guess
devices        which browser signed in before
alerts         telling the person
passwords      how strong a password is; the way back without one
access         shutting out at once: sessions, keys, sockets
"""
