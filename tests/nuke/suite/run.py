"""The plugin tried out inside Nuke: ``nuke -t run.py PLUGIN``, where PLUGIN is the unpacked zip's folder ``roto``.

It needs a licence for ``nuke -t``, and the program ``roto`` on the path. Standard library alone, Python 3.7 and newer;
the same file runs in the stand-in of Nuke that the project's own tests use.
"""

import os
import runpy
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


def main():
    # type: () -> None
    """Start the plugin as Nuke would, and run every test beside this file."""
    plugin = sys.argv[-1]
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    runpy.run_path(os.path.join(plugin, "init.py"))
    found = unittest.defaultTestLoader.discover(HERE, pattern="try_*.py")
    result = unittest.TextTestRunner(verbosity=2).run(found)
    told = "{} of {} went well".format(result.testsRun - len(result.failures) - len(result.errors), result.testsRun)
    print("Python {}.{}: {}".format(sys.version_info[0], sys.version_info[1], told))
    sys.stdout.flush()
    os._exit(0 if result.wasSuccessful() and result.testsRun else 1)  # Nuke's own exit hides the code


if __name__ == "__main__":
    main()
