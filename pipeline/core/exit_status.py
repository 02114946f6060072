"""Define how work ends: the status of every command, and the state of a flow run."""

# The same for every command, so that cron can tell: done; done with something that a
# person must look at; could not do it.
DONE, NEEDS_LOOK, COULD_NOT = 0, 1, 2
