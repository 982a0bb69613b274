"""The panel inside Silhouette; the folder above holds a ``SFX_SCRIPT_IMPORTS`` entry."""
