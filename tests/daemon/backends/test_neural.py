"""Weight files, devices and networks in memory."""

import pickle
from pathlib import Path

import pytest
import torch

from roto_daemon.backends.neural.checkpoint import load_weights, read_weights, save_weights
from roto_daemon.backends.neural.device import Device, choose_device
from roto_daemon.backends.neural.resident import Resident
from roto_shared.errors import InputError, OutOfMemoryError, WeightsError


def network(width: int = 3) -> torch.nn.Module:
    return torch.nn.Sequential(torch.nn.Linear(2, width), torch.nn.Linear(width, 1))


@pytest.mark.parametrize("ending", [".pt", ".pth", ".safetensors"])
def test_weights_come_back_as_they_were_stored(tmp_path, ending):
    stored, loaded = network(), network()
    save_weights(stored, tmp_path / f"net{ending}")
    load_weights(loaded, tmp_path / f"net{ending}")
    assert all(torch.equal(one, loaded.state_dict()[name]) for name, one in stored.state_dict().items())


def test_weights_of_another_network_are_refused_by_name(tmp_path):
    save_weights(network(3), tmp_path / "net.pt")
    with pytest.raises(WeightsError, match=r"another network: “0\.weight” has another shape"):
        load_weights(network(4), tmp_path / "net.pt")
    with pytest.raises(WeightsError, match=r"“weight” is missing"):
        load_weights(torch.nn.Linear(2, 3), tmp_path / "net.pt")


@pytest.mark.parametrize("ending", [".pt", ".safetensors"])
def test_nothing_in_a_weight_file_is_executed(tmp_path, ending):
    mark = tmp_path / "mark"

    class Touches:
        def __reduce__(self) -> tuple:
            return (Path.touch, (mark,))

    file = tmp_path / f"evil{ending}"
    file.write_bytes(pickle.dumps({"model": {"0.weight": Touches()}}, protocol=2))
    with pytest.raises(WeightsError, match="damaged, or no file of weights"):
        read_weights(file)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00" * 100])
@pytest.mark.parametrize("ending", [".pt", ".safetensors"])
def test_a_damaged_file_is_named(tmp_path, content, ending):
    file = tmp_path / f"net{ending}"
    file.write_bytes(content)
    with pytest.raises(WeightsError, match="damaged"):
        read_weights(file)


def test_a_file_with_more_than_tensors_is_refused(tmp_path):
    torch.save({"model": {"weight": torch.ones(1), "epoch": 3}}, tmp_path / "net.pt")
    with pytest.raises(WeightsError, match="more than a network's weights"):
        read_weights(tmp_path / "net.pt")


def test_a_device_that_is_not_here_is_refused_with_what_is():
    assert choose_device("cpu").kind == "cpu"
    assert choose_device("cpu").dtype is torch.float32
    assert choose_device("cpu", "bfloat16").dtype is torch.bfloat16
    with pytest.raises(InputError, match="no kind of device “tpu”"):
        choose_device("tpu")
    with pytest.raises(InputError, match="no precision “int4”"):
        choose_device("cpu", "int4")
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="PyTorch finds no “cuda” here"):
            choose_device("cuda")


def test_memory_that_runs_out_becomes_a_sentence():
    with pytest.raises(OutOfMemoryError, match="does not suffice"), Device("cpu").run():
        raise torch.OutOfMemoryError("CUDA out of memory")


def test_networks_are_compiled_only_where_that_is_asked_for():
    plain, compiled = Resident(network, Device("cpu")), Resident(network, Device("cpu", compiled=True))
    assert all(part._compiled_call_impl is None for part in plain.network.children())
    assert all(part._compiled_call_impl is not None for part in compiled.network.children())


def test_a_network_is_built_when_used_and_again_after_it_was_given_back():
    built = []

    def build() -> torch.nn.Module:
        built.append(1)
        return network()

    resident = Resident(build, Device("cpu"))
    assert not built
    assert resident.network is resident.network
    assert not resident.network.training
    resident.unload()
    assert resident.network is not None
    assert len(built) == 2
