"""The style sheet of index.html."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
.table { margin: 1rem 0; overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
td, th { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left;
  vertical-align: top; } td:nth-child(2), td:last-child { min-width: 8rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0;
  padding: .5rem .8rem; }
summary { cursor: pointer; font-weight: 600; }
svg { background: #fff; border-radius: .4rem; height: auto; max-width: 100%; }
pre, code { background: var(--soft); border-radius: .25rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .6rem; white-space: pre-wrap; }
blockquote { border-left: 4px solid #d9822b; margin: 0;
  padding-left: 1rem; } nav a { margin-right: 1rem; white-space: nowrap; }
.cards { display: grid; gap: .6rem; margin: 1rem 0;
  grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
.card { border-radius: .5rem; display: flex; flex-direction: column; padding: .6rem .8rem; }
.card b { font-size: 1.35rem; } .card small { opacity: .75; }
.verdict { border-radius: .5rem; font-size: 1.3rem; font-weight: 700; padding: .6rem 1rem; }
.PASS { background: #2e7d3233; } .FAIL { background: #c6282833; }
.INCONCLUSIVE, .DEVIATION { background: #d9822b33; }
"""
