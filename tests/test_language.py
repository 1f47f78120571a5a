"""Which language is spoken, and what is said in it."""

import re
import subprocess
import sys
import threading

import pytest

from torchgrade.language import (
    ENGLISH,
    N_,
    _,
    authored_in,
    language_from,
    languages,
    ngettext,
    retold,
    speaking,
    spoken,
)
from torchgrade.sandbox import sentences as sandbox
from torchgrade.wire import sentences as wire

GONE = N_("{file} is not there")


def test_english_is_spoken_until_something_else_is_asked_for():
    assert spoken() == ENGLISH
    assert _("passed") == "passed"
    assert [ngettext("{count} day", "{count} days", count) for count in (0, 1, 2)] == [
        "{count} days", "{count} day", "{count} days",
    ]  # fmt: skip


def test_a_block_speaks_its_language_and_no_longer():
    with speaking("zh_CN"):
        assert (_("passed"), ngettext("{count} day", "{count} days", 1)) == ("通过", "{count} 天")
        with speaking(ENGLISH):
            assert _("passed") == "passed"
        assert spoken() == "zh_CN"
    assert _("passed") == "passed"


def test_what_has_no_translation_is_said_in_english():
    with speaking("zh_CN"):
        assert _("no such sentence") == "no such sentence"
    with speaking("xx"):
        assert _("passed") == "passed"


def test_another_thread_speaks_english_until_it_is_told():
    heard = []
    with speaking("zh_CN"):
        thread = threading.Thread(target=lambda: heard.append(spoken()))
        thread.start()
        thread.join()
    assert heard == [ENGLISH]


@pytest.mark.parametrize("name", ["zh", "zh_CN", "zh-CN", "zh_CN.UTF-8", "zh-Hans", "zh_Hans_CN", "ZH_cn", "zh_SG"])
def test_simplified_chinese_has_many_names(name):
    assert language_from(name, {}) == "zh_CN"


@pytest.mark.parametrize("name", ["en", "en_GB.UTF-8", "C", "C.UTF-8", "POSIX"])
def test_english_has_many_names(name):
    assert language_from(name, {}) == ENGLISH


@pytest.mark.parametrize("name", ["zh_TW", "zh-Hant", "fr", "", "../../etc", "zz"])
def test_a_language_that_is_not_there_is_refused_and_the_others_are_named(name):
    with pytest.raises(ValueError, match="there are en, zh_CN"):
        language_from(name, {})


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh_CN"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "", "LANGUAGE": ""}, "en"),
    ],
)
def test_without_a_wish_the_environment_decides_as_in_every_gnu_program(environment, language):
    assert language_from(None, environment) == language
    assert language_from("en", environment) == "en"


def test_what_was_said_in_english_is_said_again():
    with speaking("zh_CN"):
        assert retold("a.ipynb is not there", [GONE]) == "没有 a.ipynb"
        assert retold("nobody says so", [GONE]) == "nobody says so"
        assert retold("x" * 5000 + " is not there", [GONE]).endswith(" is not there")
        assert retold("{secret} is not there", [GONE]) == "没有 {secret}"
    assert retold("a.ipynb is not there", [GONE]) == "a.ipynb is not there"


def test_a_folder_without_a_translation_keeps_its_authors_words(tmp_path):
    with speaking("zh_CN"):
        words = authored_in(tmp_path)
    assert words("A matrix of zeros") == "A matrix of zeros"


def test_every_language_is_there_to_be_chosen():
    assert languages()[0] == ENGLISH
    assert "zh_CN" in languages()


def test_english_costs_neither_babel_nor_torch_nor_a_file():
    code = (
        "import sys; from torchgrade.language import _, language_from, _catalogue; _('passed');"
        "language_from('en'); assert not {'babel', 'torch'} & set(sys.modules); "
        "assert _catalogue.cache_info().misses == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


ALL = (*sandbox.SENTENCES, *wire.REFUSALS)


def constants_of(module):
    return [value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)]


def test_everything_a_worker_says_is_among_the_sentences_that_are_said_again():
    assert sorted([*constants_of(sandbox), *constants_of(wire)]) == sorted(ALL)


@pytest.mark.parametrize("sentence", ALL)
def test_each_of_them_is_known_for_itself(sentence):
    values = {name: f"<{name}>" for name in re.findall(r"\{(\w+)\}", sentence)}
    with speaking("zh_CN"):
        assert retold(sentence.format(**values), ALL) == _(sentence).format(**values)
        assert _(sentence) != sentence
