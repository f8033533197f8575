"""`aipress vault …`: the vault's master key, on the machine itself. No route leads here."""

import typer

from aipress.cli import say
from aipress.cli.installation import find
from aipress.cli.options import Data, Json
from aipress.cli.trouble import FAILED, REFUSED, Trouble

vault = typer.Typer(help="The vault: rotate its master key.", no_args_is_help=True)


@vault.callback()
def about() -> None:
    """The vault of this machine's platform."""


@vault.command()
def rotate(data: Data = None, as_json: Json = False) -> None:
    """Exchange the vault's master key: every data key is wrapped anew. Sites go on; safe to say again when it broke off."""
    from aipress.kit import rotation
    from aipress.kit.sealed import SealedError, SealedStore

    directory = find(data).settings.vault_dir
    if not directory.is_dir():
        raise Trouble(f"There is no vault in {directory.parent}.", "Say which data directory: --data.")
    try:
        done = list(rotation.rotate(SealedStore(directory, directory / "master.key")))
    except PermissionError as error:
        raise Trouble("Only whoever runs the platform may do this.", "Try it as root.", REFUSED) from error
    except SealedError as error:
        raise Trouble(
            f"The master key was not exchanged: {error}.",
            "Everything that opened before opens still. Mend that, then say it again.",
            FAILED,
        ) from error
    wrapped = sum(each.startswith("the data key") for each in done)
    if as_json:
        say.document({"rotated": True, "data_keys": wrapped})
    else:
        say.line(f"The vault has a new master key; {wrapped} data keys are wrapped with it.")
        say.line(f"Copies of the old {directory / 'master.key'} open nothing any more: replace them.")
