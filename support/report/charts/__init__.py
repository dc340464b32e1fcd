"""Charts of a scenario as SVG, one file for each kind; `gallery.py` lists them."""
