"""The Qt panel that hosts share; it sees only ``roto_shared``."""
