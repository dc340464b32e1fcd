"""Pictures of a scenario as SVG, each kind in a file of its own; `gallery.py` knows them all."""
