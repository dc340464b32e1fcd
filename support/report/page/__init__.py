"""index.html: a run on one page that loads nothing else; the template decides how it looks."""
