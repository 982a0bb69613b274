"""Runs where Nuke has windows: adds the menu. Whatever is wrong with the plugin, Nuke starts."""

import nuke

try:
    from roto_nuke.start import add_menu

    add_menu(nuke)
except Exception as error:
    nuke.tprint("Roto: the plugin could not start: {}: {}".format(type(error).__name__, error))
