import pytest

from ec2_launcher.clock import Clock


def test_it_flows_and_can_be_advanced() -> None:
    clock = Clock()
    before = clock.now()

    clock.advance(3600)

    assert 3600 <= clock.now() - before < 3601


def test_it_never_goes_back() -> None:
    with pytest.raises(ValueError, match="cannot go back"):
        Clock().advance(-1)


def test_a_restored_moment_is_only_jumped_to_when_it_is_ahead() -> None:
    clock = Clock()
    ahead = clock.now() + 500

    clock.jump_to(ahead)
    clock.jump_to(ahead - 400)

    assert 0 <= clock.now() - ahead < 1


def test_reset_returns_to_real_time() -> None:
    clock = Clock()
    real = clock.now()
    clock.advance(100)

    clock.reset()

    assert clock.now() - real < 1
