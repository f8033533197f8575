"""What makes the simulator do things: files, servers and containers of this machine, each a part of the world."""

from pathlib import Path

from gcpsim.machines.buckets import Buckets
from gcpsim.world import World


def turn_on(world: World, folder: Path) -> None:
    """Put real parts into a world; all they keep is under the folder."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    world.files = Buckets(folder)
