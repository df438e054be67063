"""Renders a small, safe part of Markdown: headings, lists, emphasis, code and links.

Everything else stays as it was written; HTML in the text is shown, not obeyed.

Reference: https://spec.commonmark.org/
"""

import html
import re

BLOCKS = re.compile(r"\n\s*\n")
HEADING = re.compile(r"(#{1,4})\s+(.*)")
ITEM = re.compile(r"(?:[-*]|(\d+)[.)])\s+(.*)")
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\[([^\]]+)\]\((https?://[^\s()]+|[/#][^\s()]*)\)")  # no javascript:
STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
EMPHASIS = re.compile(r"(?<![\w*])[*_](?=\S)([^*_]+?)(?<=\S)[*_](?![\w*])")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!])")


def to_html(text: str) -> str:
    """HTML of a Markdown text; its only attributes are ``href``, ``rel`` and ``target``."""
    return "".join(_block(block.strip("\n")) for block in BLOCKS.split(text) if block.strip())


def _block(block: str) -> str:
    lines = block.splitlines()
    heading = HEADING.match(lines[0])
    if heading:
        level = min(len(heading[1]) + 2, 6)  # the page and its panels have h1 and h2
        rest = "\n".join(lines[1:])
        title = f"<h{level}>{_inline(heading[2])}</h{level}>"
        return title + (_block(rest) if rest.strip() else "")
    if ITEM.match(lines[0].strip()):
        return _list(lines)
    plain = _before_list(lines)
    paragraph = f"<p>{_inline(' '.join(line.strip() for line in plain))}</p>"
    rest = "\n".join(lines[len(plain) :])
    return paragraph + (_block(rest) if rest else "")


def _before_list(lines: list[str]) -> list[str]:
    count = next((n for n, line in enumerate(lines) if n and ITEM.match(line.strip())), len(lines))
    return lines[:count]


def _list(lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        item = ITEM.match(line.strip())
        if item:
            items.append(item[2])
        else:  # a line without a mark goes on with the item before
            items[-1] += f" {line.strip()}"
    first = ITEM.match(lines[0].strip())
    tag = "ol" if first and first[1] else "ul"
    return f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"


def _inline(text: str) -> str:
    """Code is set aside first, because nothing inside it has a meaning."""
    pieces = CODE.split(text)
    return "".join(
        f"<code>{html.escape(piece)}</code>" if n % 2 else _styled(piece)
        for n, piece in enumerate(pieces)
    )


def _styled(text: str) -> str:
    escaped: list[str] = []

    def set_aside(found: re.Match[str]) -> str:
        escaped.append(html.escape(found[1]))
        return f"\0{len(escaped) - 1}\0"

    styled = html.escape(ESCAPED.sub(set_aside, text.replace("\0", "")), quote=True)
    styled = LINK.sub(r'<a href="\2" rel="noopener noreferrer" target="_blank">\1</a>', styled)
    styled = EMPHASIS.sub(r"<em>\1</em>", STRONG.sub(r"<strong>\1</strong>", styled))
    return re.sub("\0(\\d+)\0", lambda found: escaped[int(found[1])], styled)
