"""What all networks on PyTorch share: devices, weight files, memory, and the part of a plate that they see."""
