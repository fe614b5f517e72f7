# What the steps of cases are made of. Runs inside the NixOS test driver, whose names
# `machines` and `subtest` it uses. What becomes of a step is one line of JSON in a file
# that no machine sees.
import json
import math
import os
import time

_results = open(
    os.environ.get("NIX_PARITY_RESULTS")
    or os.path.join(os.environ["out"], "nix-parity.jsonl"),
    "a",
    encoding="ascii",
)
_scale = float(os.environ.get("NIX_PARITY_SCALE", "1"))
_until = [0.0]
_failed = []


def _tell(**said):
    _results.write(json.dumps(said) + "\n")
    _results.flush()


def _node(name):
    return machines[0] if name is None else next(m for m in machines if m.name == name)


def _left(seconds):
    """What a step may take, in whole seconds: its own limit or what is left of the case."""
    left = _until[0] - time.monotonic()
    return max(1, math.ceil(left if seconds is None else min(left, seconds * _scale)))


def _boot(allow_reboot):
    for machine in machines:
        machine.start(allow_reboot=allow_reboot)
    for machine in machines:
        machine.connect()
    _tell(said="booted")


def _case(seconds):
    _until[0] = time.monotonic() + seconds * _scale


def _step(case, number, name, action, reads=False):
    _tell(said="began", case=case, step=number)
    began = time.monotonic()
    error, output = None, None

    def tell():
        seconds = time.monotonic() - began
        _tell(said="done", case=case, step=number, error=error, output=output, seconds=seconds)

    with subtest(name):
        # The driver may end at an error inside of a subtest; the steps after this one
        # would then never be looked at.
        try:
            said = action()
            output = said if reads else None
        except (ConnectionError, EOFError) as caught:
            # The machine is gone, and with it all that is left to do.
            error = f"{type(caught).__name__}: {caught}"
            tell()
            raise
        except Exception as caught:
            error = str(caught) or type(caught).__name__
    tell()
    if error is not None:
        _failed.append(name)
    return error is None


def _output(node, command, seconds):
    status, output = _node(node).execute(command, timeout=_left(seconds))
    if status != 0:
        raise Exception(f"command `{command}` failed (exit code {status})\n{output}")
    if len(output) > 1 << 20:
        raise Exception(f"command `{command}` printed more than 1 MiB")
    return output.removesuffix("\n")


def _reboot(node):
    _node(node).reboot()
    _node(node).connect()


def _end():
    _tell(said="ended")
    # Where nobody reads the results, the driver's own exit must tell.
    if _failed and "NIX_PARITY_RESULTS" not in os.environ:
        raise Exception(f"failed: {'; '.join(_failed)}")


