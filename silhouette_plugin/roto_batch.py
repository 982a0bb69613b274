"""``sfxcmd project.sfx -script roto_batch.py -nogui``: tracks and commits what was clicked in the project's session."""

import sys
from pathlib import Path

try:
    import roto_startup
except ImportError:  # where SFX_SCRIPT_IMPORTS does not name it
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import roto_startup

from roto_shared.errors import RotoError
from roto_silhouette.batch import run_batch

assert roto_startup, "it makes the plugin's modules importable"
try:
    print("Roto: " + run_batch())
except RotoError as error:
    print("Roto: {}".format(error))
    sys.exit(1)
