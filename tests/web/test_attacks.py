"""Hostile submissions through the door: none gains a point, shows what is hidden, or keeps the next from its grade."""

import shutil
import sys

import pytest

from torchgrade.course import find_course
from torchgrade.web.app import Door, create_app
from torchgrade.web.desk import Desk, Opening

from ..attacks.samples import COURSE, FULL_SCORE, HONEST, read_attacks
from ..attacks.test_attacks import CANARIES
from .visitors import KEY, Visitor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="hidden checks are graded on Linux only")
# One of each kind, and none that takes until a limit to be over; tests/attacks has them all.
CHOSEN = [
    "carries_in_errors", "exits_at_import", "forges_result_files", "frames_ahead_of_time", "kills_its_parents",
    "markup_for_the_page", "patches_torch_comparisons", "pretends_to_be_skipped", "reads_hidden_files",
    "steals_the_solution", "writes_to_descriptors",
]  # fmt: skip
ATTACKS = {attack.technique: attack for attack in read_attacks() if attack.technique in CHOSEN}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """A door on the course that the attacks are made for."""
    folder = tmp_path_factory.mktemp("attacked")
    course = find_course(shutil.copytree(COURSE, folder / "course"))
    desk = Desk(course, course.slugs, Opening(folder / "kept"))
    yield desk
    desk.close()


@pytest.mark.parametrize("technique", CHOSEN)
def test_an_attack_gains_nothing_and_the_next_submission_is_graded(attacked, technique):
    attack = ATTACKS[technique]
    browser = Visitor(create_app(attacked, Door(["localhost"], KEY, b"signed with this")))
    places = [
        browser.hand_in(source, assignment="01-target") for source in (attack.source.decode(attack.encoding), HONEST)
    ]
    pages = [browser.feedback(place) for place in places]
    scores = [attacked.tickets.get(place.location.rpartition("/")[2]).result.score for place in places]
    assert scores == [attack.score, FULL_SCORE]
    for page, seen in pages:
        assert not [canary for canary in CANARIES if canary in page or any(canary in part for part in seen)]
