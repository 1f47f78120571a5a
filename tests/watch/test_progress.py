from pathlib import Path

from torchgrade.course import Assignment, Exercise, Limits
from torchgrade.watch.messages import Check
from torchgrade.watch.progress import Progress, Said

NAMES = ("a", "b", "c")
EXERCISES = tuple(Exercise(name, name.upper(), f"hint for {name}") for name in NAMES)
TO_DO = Said("failed", "not written yet", untouched=True)


def begun(**statuses):
    assignment = Assignment("01-x", "X", "x", EXERCISES, Limits(), Path("01-x"))
    progress = Progress(assignment)
    progress.learn([Check(f"{name}{n}", name, "") for name in NAMES for n in (1, 2)])
    for name, status in statuses.items():
        for n in (1, 2):
            progress.hear(f"{name}{n}", Said(status))
    return progress


def test_the_first_that_is_not_solved_is_looked_at():
    progress = begun(a="passed", b="failed", c="passed")
    assert progress.current.name == "b"
    assert progress.solved == 2


def test_solving_it_goes_on_to_the_next_and_says_so():
    progress = begun(a="failed")
    progress.hear("a1", Said("passed"))
    assert progress.current.name == "a"
    progress.hear("a2", Said("passed"))
    assert progress.current.name == "b"
    assert progress.solved_now == "a"


def test_nobody_is_congratulated_on_what_was_solved_before_the_first_run():
    assert begun(a="passed").solved_now == ""


def test_an_exercise_that_breaks_again_comes_back():
    progress = begun(a="passed", b="failed")
    progress.hear("a1", Said("failed"))
    progress.hear("b1", Said("passed"))
    progress.hear("b2", Said("passed"))
    assert progress.current.name == "a"


def test_an_exercise_waiting_for_a_gpu_holds_nobody_up():
    assert begun(a="deferred").current.name == "b"


def test_who_chose_an_exercise_stays_there_until_it_is_solved():
    progress = begun(a="failed", b="failed", c="failed")
    progress.step(2)
    progress.begin()
    assert progress.current.name == "c"
    progress.hear("c1", Said("passed"))
    progress.hear("c2", Said("passed"))
    assert progress.current.name == "a"


def test_who_only_looked_back_goes_on_at_the_next_save():
    progress = begun(a="passed", b="failed")
    progress.step(-1)
    assert progress.current.name == "a"
    progress.begin()
    assert progress.current.name == "b"


def test_stepping_goes_round():
    progress = begun()
    progress.step(-1)
    assert progress.current.name == "c"
    progress.step(1)
    assert progress.current.name == "a"


def test_the_exercise_that_is_looked_at_is_run_first():
    progress = begun(a="passed", b="failed")
    assert progress.order() == ["b1", "b2", "c1", "c2", "a1", "a2"]


def test_states():
    progress = begun(a="passed")
    progress.hear("b1", TO_DO)
    assert [progress.state(name) for name in NAMES] == ["ok", "to do", "unknown"]
    progress.hear("b2", Said("timeout"))
    assert progress.state("b") == "wrong"


def test_exercises_without_a_check_are_left_out():
    progress = begun()
    progress.learn([Check("a1", "a", ""), Check("c1", "c", "")])
    assert [exercise.name for exercise in progress.exercises] == ["a", "c"]


def test_new_checks_forget_what_old_ones_said():
    progress = begun(a="passed", b="passed", c="passed")
    assert progress.finished
    progress.learn([Check("a1", "a", ""), Check("b9", "b", "")])
    assert not progress.finished
    assert set(progress.said) == {"a1"}
