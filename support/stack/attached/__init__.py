"""The attach target: a stack that others run, of which we touch only what we made."""
