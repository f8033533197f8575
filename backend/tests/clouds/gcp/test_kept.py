"""What an environment keeps: bucket, database, cache; and the names that are never used again."""

import base64

import pytest

from aipress.clouds.gcp import buckets, caches, databases, secrets
from aipress.clouds.gcp.names import account_email, own_name
from aipress.clouds.gcp.resources import Unbuildable, at
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE

BUCKET = buckets.bucket(ENVIRONMENT, PLACE).body


def test_pitfall_05_folders_can_be_renamed() -> None:
    assert at(BUCKET, "hierarchicalNamespace.enabled") is True
    assert at(BUCKET, "iamConfiguration.uniformBucketLevelAccess.enabled") is True
    assert "versioning" not in BUCKET  # the two exclude each other


def test_pitfall_27_how_long_deleted_objects_are_paid_for_is_said() -> None:
    assert at(BUCKET, "softDeletePolicy.retentionDurationSeconds") == str(7 * 24 * 3600)


def test_nobody_can_make_a_bucket_public() -> None:
    assert at(BUCKET, "iamConfiguration.publicAccessPrevention") == "enforced"


def test_pitfall_26_an_account_is_named_after_what_is_never_used_again() -> None:
    assert account_email(ID, "p") == f"w{ID}@p.iam.gserviceaccount.com"
    assert ENVIRONMENT.slug not in account_email(ID, "p")


@pytest.mark.parametrize("id", ["", "0123456789AB", "0123456789ab'; DROP", "../../etc", "0123456789ab\n"])
def test_what_is_no_id_is_named_nothing(id: str) -> None:
    with pytest.raises(Unbuildable, match="no environment's id"):
        own_name(id)
    with pytest.raises(Unbuildable):
        databases.removed(id)


def test_a_driver_gets_each_percent_sign_once() -> None:
    for statement in databases.made(ENVIRONMENT, "word") + databases.removed(ID):
        assert "%%" not in statement.sql % tuple("'?'" for _ in statement.values)


def test_a_user_has_twice_the_connections_of_all_its_workers() -> None:
    assert (
        "MAX_USER_CONNECTIONS 48" in databases.made(ENVIRONMENT, "word")[1].sql
    )  # 6 workers, 4 instances, 2 revisions


HASH_OF_P = "148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940"  # printf p | sha256sum


def test_a_rule_comes_once_and_goes_alone() -> None:
    other = {"username": "wffffffffffff", "rule": "on"}
    once = caches.with_rule([other], caches.rule(ENVIRONMENT, "p"))
    assert caches.with_rule(once, caches.rule(ENVIRONMENT, "p")) == once
    assert caches.without(once, f"w{ID}") == [other]
    assert str(once[0]["rule"]).startswith(f"on #{HASH_OF_P} ~w{ID}:* &w{ID}:* -@all ")


@pytest.mark.parametrize("value", [b"", b"x" * 65537])
def test_a_value_of_no_size_is_refused_unquoted(value: bytes) -> None:
    with pytest.raises(Unbuildable, match="1 to 65536") as refused:
        secrets.version(PLACE, "s", value)
    assert "xxx" not in str(refused.value)


def test_the_checksum_is_the_one_of_the_standard() -> None:
    assert secrets.crc32c(b"123456789") == 0xE3069283
    assert base64.b64decode(str(at(secrets.version(PLACE, "s", b"\0\xff").body, "payload.data"))) == b"\0\xff"
