"""The plugin's menu and keys, once Silhouette has started. What is missing is said in one line."""

import importlib
from typing import Dict

import fx
import hook

from roto_silhouette.actions import ACTIONS, RotoAction, missing_module


def await_startup() -> None:
    """Add the menu once Silhouette has started: earlier there is no window."""
    hook.add("startupComplete", start)


def start() -> None:
    """Add the actions to the menu, and bind their keys."""
    actions = [make() for make in ACTIONS]
    for action in actions:
        fx.addAction(action)
    missing = missing_module()
    if missing is not None:
        print("Roto: {} is missing, so its panel cannot be opened. Install the plugin's zip again.".format(missing))
        return
    _bind({action.name: action for action in actions})


def _bind(actions: Dict[str, RotoAction]) -> None:
    """Bind the studio's keys. Shared code may be what is missing, so it is looked at late."""
    settings, errors = map(importlib.import_module, ("roto_silhouette.settings", "roto_shared.errors"))
    try:
        keys = settings.key_bindings()
    except errors.RotoError as error:
        print("Roto: {}".format(error))
        return
    for name, chosen in keys.items():
        fx.bind(chosen, actions[name].pressed)
