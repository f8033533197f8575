"""The vault on Secret Manager: what is made once, whose numbers are whose, and what is left of what."""

import json

import pytest

from aipress.clouds.gcp import secrets
from aipress.clouds.gcp.services import PLATFORM_SECRETS
from aipress.clouds.gcp.vault import SecretManagerVault
from aipress.errors import CloudBusy, CloudRefused
from gcpsim.faults import parse_fault
from tests.clouds.gcp.rig import ENVIRONMENT, ID
from tests.clouds.gcp.simulated import Simulated

HERE = "secretmanager/projects/aipress-eu1/secrets"
VALUES = ["first-0c9d", "second-41fe", "third-77aa"]


@pytest.fixture
def vault(on_google: Simulated) -> SecretManagerVault:
    assert isinstance(on_google.cloud.vault, SecretManagerVault)
    return on_google.cloud.vault


def sealed(on_google: Simulated, key: str) -> str:
    found = on_google.simulator.world.store.get(f"{HERE}/{key}")
    return str(found.hidden.get("data", "")) if found else ""


async def test_values_are_random_and_made_once(vault: SecretManagerVault, on_google: Simulated) -> None:
    await vault.ensure(ENVIRONMENT)
    first = [await vault.reveal(ID, name) for name in PLATFORM_SECRETS]
    assert len(set(first)) == 11
    assert all(len(value) == 64 for value in first)
    await vault.ensure(ENVIRONMENT)
    vault._open.clear()
    assert [await vault.reveal(ID, name) for name in PLATFORM_SECRETS] == first
    assert len([key for key in on_google.left if "/versions/" in key]) == 11


@pytest.mark.parametrize("fault", ["429", "503", "lost"])
@pytest.mark.parametrize("method", ["create", "addVersion"])
async def test_what_a_broken_line_made_is_found_again(
    vault: SecretManagerVault, on_google: Simulated, fault: str, method: str
) -> None:
    on_google.simulator.world.faults.planned.append(parse_fault(f"{fault}:secretmanager.*.{method}:1:3"))
    await vault.ensure(ENVIRONMENT)
    first = await vault.reveal(ID, "AUTH_KEY")
    await vault.ensure(ENVIRONMENT)
    vault._open.clear()
    assert await vault.reveal(ID, "AUTH_KEY") == first
    assert all(
        sealed(on_google, f"{key.split('/')[4]}/versions/1") for key in on_google.left if "/secrets/" in key
    )


async def test_our_numbers_have_gaps_and_googles_have_none(
    vault: SecretManagerVault, on_google: Simulated
) -> None:
    await vault.ensure(ENVIRONMENT)
    for version, value in zip((3, 7, 8), VALUES, strict=True):
        for _ in range(2):
            await vault.keep(ID, "STRIPE_KEY", version, value)
    assert await vault.numbers(ID, [("STRIPE_KEY", 7)]) == {"STRIPE_KEY": 2}
    await vault.retain(ID, {("STRIPE_KEY", 8)})
    assert await vault.kept(ID) == {("STRIPE_KEY", 8)}
    assert await vault.numbers(ID, [("STRIPE_KEY", 8)]) == {"STRIPE_KEY": 3}
    with pytest.raises(CloudRefused):
        await vault.numbers(ID, [("STRIPE_KEY", 7)])
    id = f"w{ID}-own-STRIPE_KEY"
    assert [bool(sealed(on_google, f"{id}/versions/{number}")) for number in (1, 2, 3)] == [
        False,
        False,
        True,
    ]
    await vault.retain(ID, set())
    assert not [key for key in on_google.left if id in key]


async def test_a_version_nobody_heard_of_is_destroyed_with_those_nobody_wants(
    vault: SecretManagerVault, on_google: Simulated
) -> None:
    await vault.ensure(ENVIRONMENT)
    on_google.simulator.world.faults.planned.append(parse_fault("lost:secretmanager.*.addVersion"))
    await vault.keep(ID, "STRIPE_KEY", 1, VALUES[0])
    assert await vault.numbers(ID, [("STRIPE_KEY", 1)]) == {"STRIPE_KEY": 2}
    on_google.simulator.world.faults.planned.append(parse_fault("lost:secretmanager.*.destroy"))
    await vault.retain(ID, {("STRIPE_KEY", 1)})
    id = f"w{ID}-own-STRIPE_KEY"
    assert [bool(sealed(on_google, f"{id}/versions/{number}")) for number in (1, 2)] == [False, True]


async def test_two_who_keep_at_once_lose_nothing(vault: SecretManagerVault, on_google: Simulated) -> None:
    from aipress.clouds.gcp.together import together

    await vault.ensure(ENVIRONMENT)
    await vault.keep(ID, "STRIPE_KEY", 1, VALUES[0])
    await together(vault.keep(ID, "STRIPE_KEY", number, f"value-{number}") for number in range(2, 6))
    assert await vault.kept(ID) == {("STRIPE_KEY", number) for number in range(1, 6)}


async def test_names_that_begin_alike_are_different_secrets(vault: SecretManagerVault) -> None:
    await vault.ensure(ENVIRONMENT)
    await vault.keep(ID, "KEY", 1, "one")
    await vault.keep(ID, "KEY_own-KEY", 1, "two")
    await vault.keep(ID, "DB_PASSWORD", 1, "three")
    assert await vault.kept(ID) == {("KEY", 1), ("KEY_own-KEY", 1), ("DB_PASSWORD", 1)}
    assert await vault.reveal(ID, "DB_PASSWORD") != "three"
    await vault.retain(ID, {("KEY", 1)})
    assert await vault.kept(ID) == {("KEY", 1)}


def test_a_damaged_value_is_not_taken() -> None:
    told = {"payload": {"data": "b25l", "dataCrc32c": str(secrets.crc32c(b"two"))}}
    with pytest.raises(CloudBusy):
        secrets.opened(told, "KEY")


async def test_nothing_of_a_value_is_in_the_journal(vault: SecretManagerVault, on_google: Simulated) -> None:
    await vault.ensure(ENVIRONMENT)
    await vault.keep(ID, "STRIPE_KEY", 1, VALUES[0])
    told = json.dumps([vars(entry) for entry in on_google.simulator.world.journal.entries], default=str)
    values = [VALUES[0], *[await vault.reveal(ID, name) for name in PLATFORM_SECRETS]]
    assert not [value for value in values if value in told]
    assert f"w{ID}-own-STRIPE_KEY" in told


async def test_a_place_is_forgotten_with_the_last_thing_that_stands_there(
    vault: SecretManagerVault, on_google: Simulated
) -> None:
    await vault.ensure(ENVIRONMENT)
    await on_google.cloud.buckets.ensure(ENVIRONMENT)
    await vault.remove(ID)
    assert ID in on_google.placements.by_environment
    await on_google.cloud.buckets.remove(ID)
    await vault.remove(ID)
    assert not on_google.placements.by_environment
    assert not on_google.left


async def test_what_was_never_placed_has_no_secrets(vault: SecretManagerVault) -> None:
    for verb in (
        vault.reveal(ID, "AUTH_KEY"),
        vault.keep(ID, "KEY", 1, "one"),
        vault.numbers(ID, [("KEY", 1)]),
    ):
        with pytest.raises(CloudRefused):
            await verb
    await vault.retain(ID, set())
    await vault.remove(ID)
    assert await vault.kept(ID) == set()
