"""Where the hub keeps everything: tables, connections, migrations."""
