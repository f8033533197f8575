"""Who a site is to Google: its own service account, there before its service and gone after it."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import accounts, media
from aipress.clouds.gcp.answers import Changed, Gone, Taken
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.names import account_email, owners_secret_id, secret_id
from aipress.clouds.gcp.newest import on_newest
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.gcp.services import PLATFORM_SECRETS
from aipress.clouds.gcp.together import together
from aipress.errors import CloudBusy, CloudRefused


class Identities:
    """A grant sets the whole policy of what is the environment's alone: an account of the same name from before has no part in it."""

    def __init__(self, google: Google) -> None:
        self.google = google

    async def ensure(self, environment: EnvironmentSpec, place: Place, owners: Iterable[str] = ()) -> None:
        """The account, with what it may: read its secrets, write its bucket, and reach Cloud SQL's socket where that is the way."""
        with suppress(Taken):
            await self.google.ask(accounts.account(environment, place))
        ids = [secret_id(environment.id, name) for name in PLATFORM_SECRETS]
        grants = [accounts.reads_secret(environment, place, id) for id in ids]
        grants.append(accounts.writes_bucket(environment, place))
        if media.is_signed(environment):
            grants.append(accounts.signs_itself(environment, place))
        await together(self._grant(one) for one in grants)
        await self.read_owners(environment, place, owners)
        if place.instance.way == "socket":
            await self._on_project(place, lambda policy: accounts.reaches_sql(policy, environment, place))

    async def read_owners(self, environment: EnvironmentSpec, place: Place, names: Iterable[str]) -> None:
        """That it may read these of its owner's secrets."""
        ids = [owners_secret_id(environment.id, name) for name in names]
        await together(self._grant(accounts.reads_secret(environment, place, id)) for id in ids)

    async def sign_no_more(self, environment: EnvironmentSpec, place: Place) -> None:
        """Its media are mounted again: nobody signs as this account."""
        await self._grant(accounts.signs_itself(environment, place, signs=False))

    async def remove(self, environment_id: str, place: Place) -> None:
        """Off the project's policy first, where it would stay as a ghost."""
        if place.instance.way == "socket":
            await self._on_project(
                place, lambda policy: accounts.reaches_sql_no_more(policy, environment_id, place)
            )
        email = account_email(environment_id, place.project)
        await self.google.delete("iam", f"/v1/projects/{place.project}/serviceAccounts/{email}")

    async def _grant(self, grant: Resource) -> None:
        """A new account isn't known everywhere at once: until then whoever names it is refused."""
        try:
            await self.google.ask(grant)
        except (Gone, Changed):
            raise
        except CloudRefused as error:
            raise CloudBusy(f"{error} A new account takes a moment to be known; ask again.") from error

    async def _on_project(self, place: Place, change: Callable[[Json], Json]) -> None:
        path = f"/v3/projects/{place.project}"

        async def once() -> None:
            asked = Resource("policy", place.project, "cloudresourcemanager", f"{path}:getIamPolicy", {})
            policy = await self.google.ask(asked)
            if (wanted := change(policy)) != policy:
                body: Json = {"policy": wanted}
                await self.google.ask(
                    Resource("policy", place.project, "cloudresourcemanager", f"{path}:setIamPolicy", body)
                )

        await on_newest(once)
