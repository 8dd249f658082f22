from ec2_launcher.clock import Clock
from ec2_launcher.journal import Journal


def filled() -> Journal:
    journal = Journal(Clock())
    journal.note("created", "eni-1", tags={"owner": "x"}, subnetId="subnet-1", primary=None)
    journal.note("created", "eni-2", tags={})
    journal.note("attached", "eni-1", instanceId="i-1", deviceIndex=2)
    journal.note("tagged", "eni-2", tags={"owner": "y"})
    return journal


def test_events_are_in_order_and_without_empty_details() -> None:
    events = filled().read()["events"]

    assert [event["seq"] for event in events] == [1, 2, 3, 4]
    assert {key: value for key, value in events[0].items() if key != "t"} == {
        "seq": 1,
        "event": "created",
        "eniId": "eni-1",
        "subnetId": "subnet-1",
        "tags": {"owner": "x"},
    }


def test_a_tag_selects_the_whole_life_of_its_enis() -> None:
    read = filled().read(tag="owner=x")

    assert [event["event"] for event in read["events"]] == ["created", "attached"]
    assert read["createdEniIds"] == ["eni-1"]


def test_a_tag_that_came_later_counts() -> None:
    assert filled().read(tag="owner")["createdEniIds"] == ["eni-1", "eni-2"]
    assert filled().read(tag="owner=y")["createdEniIds"] == ["eni-2"]


def test_since_and_event() -> None:
    assert [event["seq"] for event in filled().read(since=2)["events"]] == [3, 4]
    assert filled().read(event="attached")["events"][0]["deviceIndex"] == 2


def test_dump_and_load_keep_everything() -> None:
    copy = Journal(Clock())
    copy.load(filled().dump())

    assert copy.read() == {**filled().read(), "events": copy.read()["events"]}
    assert len(copy.read()["events"]) == 4


def test_clear_keeps_the_sequence() -> None:
    journal = filled()
    journal.clear()
    journal.note("deleted", "eni-1")

    assert [event["seq"] for event in journal.read()["events"]] == [5]
