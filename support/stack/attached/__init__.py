"""The attach target: a stack that somebody else runs, of which we touch only what we made."""
