"""How certificates are issued in a world: whether their records are looked for, how long it takes, and when Google gives up."""

from dataclasses import dataclass


@dataclass
class Issuing:
    """`is_lenient`: every domain is proved, whatever the DNS says. `takes` seconds of the clock from the proof to the certificate;

    after `patience` seconds without a proof it has failed for good, and has to be made anew.
    """

    is_lenient: bool = False
    takes: float = 0.0
    patience: float = 72 * 3600.0
