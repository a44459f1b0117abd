"""How the app proves to Microsoft who it is: a password, a certificate, or a token that somebody else keeps fresh."""

from __future__ import annotations

from dataclasses import dataclass, field

PROOFS = ("teams_app_password", "teams_app_certificate", "teams_app_token_file", "teams_app_identity")
"""The settings that each name a proof; one of them is set."""


@dataclass(frozen=True, slots=True)
class AppProof:
    """One of these is set. Whatever is a file is read when the app asks, so that a new one needs no restart."""

    password: str = field(default="", repr=False)
    certificate: str = ""
    """A PEM file with private key and certificate."""
    token_file: str = ""
    """A file with a federated token, such as Kubernetes and other clouds write."""
    identity: str = ""
    """The client id of a managed identity of Azure that the app trusts."""
