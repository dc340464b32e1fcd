"""Markdown as HTML; tables get what a narrow screen needs to show them row by row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def html(text: str, *, labelled: bool = False, level: int = 0) -> Markup:
    """Returns the HTML; images are left out.

    `labelled`: each cell of a table carries the name of its column, which a narrow screen shows
    next to it; without it, a wide table scrolls. `level` is added to that of each heading.
    """
    tokens = [each for each in _MARKDOWN.parse(text) if not _is_image(each)]
    if labelled:
        _label(tokens)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + level, 6)}"
        if token.type == "table_open":
            token.attrSet("class", "rows" if labelled else "wide")
    rendered = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    # The output of the renderer, which escapes everything that is not its own.
    return Markup(rendered)


def _is_image(token: Token) -> bool:
    return any(child.type == "image" for child in token.children or ())


def _label(tokens: Sequence[Token]) -> None:
    """Gives each cell the title of its column."""
    head: list[str] = []
    column = 0
    for before, token in pairwise(tokens):
        if before.type == "thead_open":
            head = []
        if before.type == "tr_open":
            column = 0
        if before.type == "th_open":
            head.append(token.content)
        if before.type == "td_open":
            before.attrSet("data-label", head[column] if column < len(head) else "")
            column += 1
