import pytest

from ec2_launcher.config import DEFAULT_BUCKETS, Config, ConfigError


def test_known_keys_are_taken() -> None:
    config = Config()

    config.update({"attach_s": 2, "throttle": True, "page_max": 5, "denied_actions": ["Detach*"]})

    assert (config.attach_s, config.throttle, config.page_max, config.denied_actions) == (2, True, 5, ["Detach*"])


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ({"atach_s": 2}, "unknown key 'atach_s'; known keys: attach_s"),
        ({"attach_s": "2"}, "attach_s: expected a number"),
        ({"attach_s": -1}, "attach_s: must not be negative"),
        ({"attach_s": True}, "attach_s: expected a number"),
        ({"throttle": 1}, "throttle: expected true or false"),
        ({"page_max": 0}, "page_max: must be at least 1"),
        ({"eni_per_region": 1.5}, "eni_per_region: expected a whole number"),
        ({"denied_actions": "Detach*"}, "denied_actions: expected a list"),
        ({"buckets": {"CreateTags": 5}}, "buckets: CreateTags: expected"),
        ({"latency_ms_by_action": {"Create*": -1}}, "latency_ms_by_action: must not"),
        ({"in_use_code": "Busy"}, "in_use_code: expected one of"),
        ([], "must be a JSON object"),
    ],
)
def test_anything_else_is_refused_clearly(patch: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("*", r"\*")):
        Config().update(patch)


def test_a_refused_patch_changes_nothing() -> None:
    config = Config()

    with pytest.raises(ConfigError):
        config.update({"attach_s": 5, "nope": 1})

    assert config == Config()


def test_buckets_are_merged_and_reset_brings_the_defaults_back() -> None:
    config = Config()
    config.update({"buckets": {"CreateTags": [1, 1]}, "detach_s": 3})
    assert config.buckets == {**DEFAULT_BUCKETS, "CreateTags": [1, 1]}

    config.reset()

    assert config == Config()
    assert config.buckets == DEFAULT_BUCKETS


def test_negative_skew_is_allowed() -> None:
    config = Config()
    config.update({"clock_skew_s": -1200})

    assert config.clock_skew_s == -1200
