"""The steps from each schema to the next, as Alembic runs them."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

__all__ = ["Steps"]


class Steps:
    """A folder of steps.

    Args:
        folder: Alembic's: with `env.py`, and the steps in `versions/`.
    """

    def __init__(self, folder: Path) -> None:
        self.config = Config()
        self.config.set_main_option("script_location", str(folder).replace("%", "%%"))

    def refuse_unknown(self, version: str, name: str) -> None:
        """Raise for a version that no step leads to.

        Raises:
            ValueError: The gradebook called ``name`` has one.
        """
        known = {step.revision for step in ScriptDirectory.from_config(self.config).walk_revisions()}
        if version not in known:
            raise ValueError(
                f"gradebook {name} has schema {version}, which this torchgrade does not know (its newest is "
                f"{max(known)}): a newer one made it. Nothing was changed; pip install --upgrade torchgrade"
            )

    def run(self, connection: Connection) -> None:
        """Run those that are still to run, in the connection's transaction."""
        self.config.attributes["connection"] = connection
        command.upgrade(self.config, "head")
