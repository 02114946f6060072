"""Show what awaits a person: the queue of conflicts, a ruling before it counts."""
