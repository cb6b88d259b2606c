"""What other people wrote is shown, and does nothing."""

from __future__ import annotations

from driftaudit.report.names import breakable, isolated, sentence


def test_what_hides_or_turns_is_shown() -> None:
    assert isolated("a\x00b\u202ec") == "a␀b[U+202E]c"
    assert sentence("a\x00b", ()) == "a␀b"


def test_a_name_from_right_to_left_ends_where_it_ends() -> None:
    assert isolated("דוד לוי") == "<bdi>דוד לוי</bdi>"
    assert isolated("Jörg 佐藤") == "Jörg 佐藤"


def test_a_name_is_escaped() -> None:
    assert isolated('<b>"x"') == "&lt;b&gt;&#34;x&#34;"
    assert isolated("<b>דוד") == "<bdi>&lt;b&gt;דוד</bdi>"


def test_an_address_may_break_after_its_separators_and_nowhere_in_an_entity() -> None:
    assert breakable("someone_or_other@contoso.example") == (
        '<bdi class="address">someone_<wbr>or_<wbr>other@<wbr>contoso.<wbr>example</bdi>'
    )
    assert breakable("short@contoso.example") == "short@contoso.example"
    assert "&amp;" in breakable("x" * 40 + "&" + "y" * 40)


def test_names_inside_a_sentence_are_isolated_longest_first() -> None:
    written = sentence("דוד לוי holds <x> as דוד.", ("דוד", "דוד לוי", None, ""))
    assert written == "<bdi>דוד לוי</bdi> holds &lt;x&gt; as <bdi>דוד</bdi>."
