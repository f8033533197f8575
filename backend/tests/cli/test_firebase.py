"""What `up` hands on of Firebase: the edge learns the hosts, only the control plane the credentials."""

from pathlib import Path

from aipress.cli.installation import Installation
from aipress.cli.machine.edge import edge_of
from aipress.cli.machine.programs import forwarded
from aipress.config import Settings

FIREBASE = {"firebase_project": "proj", "firebase_api_key": "key"}


def edge_with(**settings: object) -> tuple[str, str]:
    place = Installation(Settings(**settings), Path("/nowhere"), is_root=True)
    edge = edge_of(place, Path("/nowhere/core"))
    return edge.firebase_pages, edge.firebase_emulator


def test_the_edge_learns_of_firebase_only_where_it_is_configured() -> None:
    assert edge_with() == ("", "")
    assert edge_with(**FIREBASE) == ("proj.firebaseapp.com", "")
    assert edge_with(**FIREBASE, firebase_auth_domain="login.example") == ("login.example", "")
    emulated = {"firebase_emulator": "127.0.0.1:18999", "testing": True}
    assert edge_with(**FIREBASE, **emulated) == ("proj.firebaseapp.com", "127.0.0.1:18999")


def test_only_the_control_plane_gets_the_credentials_and_every_service_can_read_what_it_gets() -> None:
    settings = Settings(**FIREBASE, firebase_credentials="/keys/firebase.json", testing=True)
    for service, is_told in (("control", True), ("assistant", False), ("hostd", False)):
        told = forwarded(settings, service)
        assert ("AIPRESS_FIREBASE_CREDENTIALS" in told) is is_told
        read = {name.removeprefix("AIPRESS_").lower(): value for name, value in told.items()}
        assert Settings.model_validate(read).testing
