"""The filter pattern language, by the examples of its reference and what it must refuse."""

import pytest

from local.aws.filter_pattern import compile_pattern

HTTP = '127.0.0.1 - frank [10/Oct/2025:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "anything"),
        ("   ", ""),
        ("ERROR", "[ERROR 400] BAD REQUEST"),
        ("ERROR REQUEST", "[ERROR 400] BAD REQUEST"),
        ("?ERROR ?WARN", "WARN: low"),
        ("ERROR -EXIT", "ERROR one"),
        ("-EXIT", "fine"),
        ('"INTERNAL SERVER ERROR"', "500 INTERNAL SERVER ERROR!"),
        ('"say \\"hi\\""', 'they say "hi" twice'),
        ('-"exit 1"', "exit 0"),
        ("ERROR ?WARN", "ERROR only"),
        ("%AUTHORIZED%", "[ERROR 401] UNAUTHORIZED REQUEST"),
        ("%4[0-9]{2}$%", "status 404"),
    ],
)
def test_terms_match(pattern: str, message: str) -> None:
    assert compile_pattern(pattern)(message)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("ERROR", "error in lower case"),
        ("ERROR", "TERRORS"),
        ("ERROR REQUEST", "ERROR alone"),
        ("?ERROR ?WARN", "INFO"),
        ("ERROR -EXIT", "ERROR then EXIT"),
        ("-EXIT", "EXIT"),
        ("ERROR ?WARN", "WARN only"),
        ('"exit 1"', "exit  1"),
        ("%^4%", "status 404"),
    ],
)
def test_terms_do_not_match(pattern: str, message: str) -> None:
    assert not compile_pattern(pattern)(message)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ('{ $.eventType = "UpdateTrail" }', '{"eventType": "UpdateTrail"}'),
        ("{ $.eventType = Update* }", '{"eventType": "UpdateTrail"}'),
        ("{ $.ip != 192.0.2.* }", '{"ip": "198.51.100.7"}'),
        ("{ $.ip = %198\\.51\\.100\\.[0-9]+% }", '{"ip": "198.51.100.7"}'),
        ("{ $.bandwidth > 75 }", '{"bandwidth": 75.5}'),
        ("{ $.latency <= 1e3 }", '{"latency": 1000}'),
        ("{ $.count = 1 }", '{"count": 1.0}'),
        ("{ $.code = 404 }", '{"code": "404"}'),
        ("{ $.a.b[1].c = x }", '{"a": {"b": [{}, {"c": "x"}]}}'),
        ("{ $.list[*] = 3 }", '{"list": [1, 3]}'),
        ("{ $.tags.* = on }", '{"tags": {"p": "off", "q": "on"}}'),
        ("{ $['user name'] = me }", '{"user name": "me"}'),
        ("{ $.gone IS NULL }", '{"gone": null}'),
        ("{ $.ok IS TRUE }", '{"ok": true}'),
        ("{ $.ok is false }", '{"ok": false}'),
        ("{ $.gone NOT EXISTS }", '{"here": 1}'),
        ("{ ($.a = 1 || $.a = 2) && $.b = 3 }", '{"a": 2, "b": 3}'),
        ("{ $.a = 1 || $.a = 2 && $.b = 3 }", '{"a": 1, "b": 9}'),
        ("{ $.text = * }", '{"text": "two\\nlines"}'),
    ],
)
def test_json_matches(pattern: str, message: str) -> None:
    assert compile_pattern(pattern)(message)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{ $.a = 1 }", "not json"),
        ("{ $.a = 1 }", "[1]"),
        ("{ $.a = 1 }", "null"),
        ("{ $.a = 1 }", '{"a": true}'),
        ("{ $.a != 1 }", '{"b": 1}'),
        ("{ $.a IS NULL }", '{"b": 1}'),
        ("{ $.a NOT EXISTS }", '{"a": null}'),
        ("{ $.a IS TRUE }", '{"a": 1}'),
        ("{ $.a > 1 }", '{"a": "many"}'),
        ("{ $.a = * }", '{"a": {"b": 1}}'),
        ("{ $.a[2] = 1 }", '{"a": [1]}'),
        ("{ ($.a = 1 || $.a = 2) && $.b = 3 }", '{"a": 1, "b": 4}'),
    ],
)
def test_json_does_not_match(pattern: str, message: str) -> None:
    assert not compile_pattern(pattern)(message)


@pytest.mark.parametrize(
    "pattern",
    [
        "[ip, id, user, timestamp, request, status, bytes]",
        "[ip, id, user, timestamp, request = *.html*, status = 4*, bytes]",
        "[ip, id, user, timestamp, request, status > 400 && status < 500, bytes]",
        "[ip = %127\\.0\\.0\\.[1-9]%, ...]",
        "[..., status = 404 || status = 410, bytes]",
        "[ip, ..., bytes > 1000]",
        '[ip != "198.51.100.7", ...]',
        "[...]",
    ],
)
def test_columns_match(pattern: str) -> None:
    assert compile_pattern(pattern)(HTTP)


@pytest.mark.parametrize(
    "pattern",
    [
        "[ip, user]",
        "[a, b, c, d, e, f, g, h, ...]",
        "[..., status = 5*, bytes]",
        "[ip, ..., bytes > 2000]",
    ],
)
def test_columns_do_not_match(pattern: str) -> None:
    assert not compile_pattern(pattern)(HTTP)


def test_quotes_and_brackets_hold_a_column_together() -> None:
    assert compile_pattern('[a = "", b = "x y", c = z]')('"" [x y] z')


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("[ERROR", "']'"),
        ("{ $.a = 1", "'}'"),
        ("{ a = 1 }", "'a'"),
        ("{ $.a ~ 1 }", "'~'"),
        ("{ $.a = }", "too early"),
        ("{ $.a > many }", "'many'"),
        ('{ $.a > "5" }', "'5'"),
        ("{ $.a = 1 && }", "too early"),
        ("{ ($.a = 1 }", r"'\)'"),
        ("{ $.a = 1 ) }", r"'\)'"),
        ("{ $.a IS MAYBE }", "'MAYBE'"),
        ("{ $.a NOT THERE }", "'THERE'"),
        ("{ $.a = ( }", r"'\('"),
        ("{ $.a = ; ! }", "'!'"),
        ("{ $.a = %(x)% }", "not allowed"),
        ("{ $.a = %[% }", "unterminated"),
        ("{ $.a = %x% && $.b = %y% && $.c = %z% }", "more than 2"),
        ("[a, ..., b, ...]", "more than one"),
        ("[a,,b]", "empty column"),
        ('["a"]', "'a'"),
        ("user.name", "'user.name'"),
        ("%some thing%", "not allowed"),
        ("x" * 1025, "1024"),
    ],
)
def test_a_bad_pattern_is_refused_with_its_bad_part(pattern: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        compile_pattern(pattern)
