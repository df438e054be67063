"""Translates KQL, the query language of dashboards, to OpenSearch's query DSL.

Understood are ``field: value``, quotes, ``*`` inside values, ``field: *``, comparisons, value lists
such as ``(a or b)``, ``and``, ``or``, ``not`` and parentheses; nested fields (``{}``) are not.

Reference: https://docs.opensearch.org/latest/dashboards/dql/
"""

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from local.panels.errors import KqlError

type Clause = dict[str, Any]
"""One clause of the query DSL."""

TOKEN = re.compile(
    r"""(?P<open>\()
      | (?P<close>\))
      | (?P<operator><=|>=|[:<>])
      | "(?P<quoted>(?:\\.|[^"\\])*)"
      | (?P<word>(?:\\.|[^\s():<>"\\{}])+)""",
    re.VERBOSE | re.DOTALL,
)
BLANKS = re.compile(r"\s*")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
RESERVED = re.compile(r'([+\-=&|><!(){}\[\]^"~?:\\/\s])')  # of query_string, but for `*`
COMPARISONS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
KEYWORDS = {"and", "or", "not"}
STAR = re.compile(r"((?:\\.|[^*\\])*)(\*?)", re.DOTALL)  # text up to the next unescaped star

EVERYTHING: Clause = {"match_all": {}}


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the query: its kind, its raw text, and where it begins."""

    kind: str
    text: str
    at: int

    @property
    def keyword(self) -> str:
        """The lower-cased word when it is one of and, or, not; else empty."""
        word = self.text.lower() if self.kind == "word" else ""
        return word if word in KEYWORDS else ""


def to_clause(query: str) -> Clause:
    """The clause that finds what the query describes; an empty query describes everything.

    Raises:
        KqlError: the query cannot be parsed; names the position.
    """
    tokens = _tokens(query)
    return _Parser(tokens, len(query)).parse() if tokens else EVERYTHING


def any_of(clauses: list[Clause]) -> Clause:
    """At least one clause holds."""
    if len(clauses) == 1:
        return clauses[0]
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def all_of(clauses: list[Clause]) -> Clause:
    """Every clause holds."""
    return clauses[0] if len(clauses) == 1 else {"bool": {"filter": clauses}}


def none_of(clauses: list[Clause]) -> Clause:
    """No clause holds."""
    return {"bool": {"must_not": clauses}}


def _tokens(query: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = _skip_blanks(query, 0)
    while at < len(query):
        found = TOKEN.match(query, at)
        if not found or not found.lastgroup:
            raise KqlError(f"unexpected {query[at]} at character {at + 1}")
        tokens.append(_Token(found.lastgroup, found[found.lastgroup], at))
        at = _skip_blanks(query, found.end())
    return tokens


def _skip_blanks(query: str, at: int) -> int:
    blanks = BLANKS.match(query, at)
    return blanks.end() if blanks else at


class _Parser:
    """Recursive descent over the tokens; ``or`` binds weakest, then ``and``, then ``not``."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens = [*tokens, _Token("end", "", length)]
        self._next = 0

    def parse(self) -> Clause:
        """The clause of the whole query."""
        clause = self._any("")
        if self._peek().kind != "end":
            self._refuse("and, or, or the end")
        return clause

    def _any(self, field: str) -> Clause:
        clauses = [self._all(field)]
        while self._take_keyword("or"):
            clauses.append(self._all(field))
        return any_of(clauses)

    def _all(self, field: str) -> Clause:
        clauses = [self._negation(field)]
        while self._take_keyword("and"):
            clauses.append(self._negation(field))
        return all_of(clauses)

    def _negation(self, field: str) -> Clause:
        if self._take_keyword("not"):
            return none_of([self._negation(field)])
        return self._primary(field)

    def _primary(self, field: str) -> Clause:
        """A group or an expression; inside a value list ``field`` is whose values these are."""
        if self._take("open"):
            clause = self._any(field)
            if not self._take("close"):
                self._refuse(")")
            return clause
        literal = self._literal()
        operator = self._take("operator") if not field else None
        if not operator:
            return _holds(field, literal)
        if operator.text != ":":
            bound = {COMPARISONS[operator.text]: _plain(self._literal())}
            return {"range": {_plain(literal): bound}}
        if self._peek().kind == "open":
            return self._primary(_plain(literal))
        return _holds(_plain(literal), self._literal())

    def _literal(self) -> _Token:
        """A quoted text, or neighbouring words, which are one value."""
        first = self._peek()
        if first.kind == "quoted":
            self._next += 1
            return first
        words: list[str] = []
        while self._peek().kind == "word" and not self._peek().keyword:
            words.append(self._peek().text)
            self._next += 1
        if not words:
            self._refuse("a field or a value")
        return _Token("word", " ".join(words), first.at)

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self, kind: str) -> _Token | None:
        token = self._peek()
        if token.kind != kind:
            return None
        self._next += 1
        return token

    def _take_keyword(self, keyword: str) -> bool:
        found = self._peek().keyword == keyword
        self._next += found
        return found

    def _refuse(self, expected: str) -> NoReturn:
        token = self._peek()
        found = "the end" if token.kind == "end" else token.text
        raise KqlError(f"expected {expected} at character {token.at + 1}, found {found}")


def _holds(field: str, value: _Token) -> Clause:
    """The clause for one value, in one field or, when that is empty, in any."""
    if value.kind == "word" and value.text == "*":
        return {"exists": {"field": field}} if field else EVERYTHING
    if "*" in field or _has_star(value):
        scope = {"fields": [field]} if field else {}
        return {"query_string": {"query": _pattern(value), "lenient": True} | scope}
    kind = "phrase" if value.kind == "quoted" else "best_fields"
    if not field:
        return {"multi_match": {"type": kind, "query": _plain(value), "lenient": True}}
    return {"match_phrase" if value.kind == "quoted" else "match": {field: _plain(value)}}


def _plain(token: _Token) -> str:
    """The text that is meant: without the backslashes that protect characters."""
    return ESCAPED.sub(r"\1", token.text)


def _has_star(value: _Token) -> bool:
    return value.kind == "word" and "*" in ESCAPED.sub("", value.text)


def _pattern(value: _Token) -> str:
    """The value for ``query_string``: its stars stay, everything else stands for itself."""
    if value.kind == "quoted":
        return f'"{value.text}"'
    pieces = STAR.findall(value.text)
    return "".join(_literally(text) + star for text, star in pieces)


def _literally(text: str) -> str:
    return RESERVED.sub(r"\\\1", ESCAPED.sub(r"\1", text).replace("*", "\0")).replace("\0", r"\*")
