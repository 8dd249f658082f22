from ec2_launcher.calllog import CallLog, selected


def test_the_interesting_parameters_are_kept() -> None:
    params = {
        "Action": "CreateNetworkInterface",
        "Version": "2016-11-15",
        "ClientToken": "t",
        "SubnetId": "subnet-1",
        "TagSpecification.1.Tag.1.Key": "owner",
        "TagSpecification.1.Tag.1.Value": "x",
        "Filter.1.Name": "tag:owner",
        "Filter.1.Value.1": "x",
    }

    assert selected(params) == {
        "ClientToken": "t",
        "SubnetId": "subnet-1",
        "tags": {"owner": "x"},
        "filters": {"tag:owner": "x"},
    }


def test_a_call_is_visible_from_its_arrival() -> None:
    log = CallLog()
    record = log.begin(1.0, "AttachNetworkInterface", {"DeviceIndex": "2"})
    assert log.records()[0]["http"] is None

    log.end(record, None, 200, 12.34)

    assert log.records()[0] == {
        "seq": 1,
        "t": 1.0,
        "action": "AttachNetworkInterface",
        "params": {"DeviceIndex": "2"},
        "code": None,
        "http": 200,
        "ms": 12.3,
    }


def test_counts_stay_exact_beyond_the_ring() -> None:
    log = CallLog(ring=10)
    for number in range(100):
        record = log.begin(0, "CreateTags" if number % 2 else "DescribeTags", {})
        log.end(record, "RequestLimitExceeded" if number >= 90 else None, 200, 0)

    assert len(log.records()) == 10
    assert log.counts() == {
        "byAction": {"DescribeTags": 50, "CreateTags": 50},
        "mutating": 50,
        "total": 100,
        "throttled": 10,
        "lastSeq": 100,
    }
    assert log.counts(since=95) | {"byAction": None} == {
        "byAction": None,
        "mutating": 3,
        "total": 5,
        "throttled": 5,
        "lastSeq": 100,
    }


def test_clear_keeps_the_sequence() -> None:
    log = CallLog()
    log.begin(0, "A", {})
    log.clear()
    log.begin(0, "B", {})

    assert [(r["seq"], r["action"]) for r in log.records()] == [(2, "B")]
    assert log.counts(since=1)["byAction"] == {"B": 1}
    assert log.records(action="A") == []
