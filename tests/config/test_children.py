"""Children: stopped by Ctrl-C and by their parent's death, and a dead one is said plainly."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from config.local.children import Child, ChildError, Family
from config.local.ports import BusyPortError, free_port, require_free
from tests.support.house_rules import ROOT

SLEEPER = [sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"]
# A program with two children that tells their numbers and then watches them.
PARENT = """
    import sys
    from pathlib import Path
    from config.local.children import Child, ChildError, Family
    family = Family()
    sleeper = [sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"]
    family.add_server(Child("first", sleeper, log=Path(sys.argv[1]) / "first.log").start())
    family.add(Child("second", sleeper, log=Path(sys.argv[1]) / "second.log").start())
    for child in [*family.servers, *family.users]:
        child.await_ready(lambda: "up" in child.output())
    family.listen()
    print(*[child.pid for child in [*family.servers, *family.users]], flush=True)
    try:
        family.watch()
        print("asked to stop")
    except ChildError as error:
        print(error)
    finally:
        family.stop()
"""


class Parent:
    """The program above, with the numbers of its children."""

    def __init__(self, folder: Path) -> None:
        argv = [sys.executable, "-c", textwrap.dedent(PARENT), str(folder)]
        self.process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.handles = [os.pidfd_open(int(pid)) for pid in self.process.stdout.readline().split()]
        assert len(self.handles) == 2

    def send(self, handle: int, number: signal.Signals) -> None:
        signal.pidfd_send_signal(handle, number)

    def last_words(self) -> str:
        return self.process.communicate(timeout=10)[0]

    def children_end(self) -> bool:
        """Waits until both are gone; False after five seconds."""
        import select

        poll = select.poll()
        for handle in self.handles:
            poll.register(handle, select.POLLIN)
        gone: set[int] = set()
        while len(gone) < len(self.handles):
            events = poll.poll(5000)
            if not events:
                return False
            for handle, _ in events:
                gone.add(handle)
                poll.unregister(handle)
        return True


@pytest.fixture
def parent(tmp_path: Path) -> Parent:
    return Parent(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child(parent: Parent, number: signal.Signals) -> None:
    parent.process.send_signal(number)
    assert parent.last_words() == "asked to stop\n"
    assert parent.children_end()
    assert parent.process.returncode == 0


def test_children_do_not_outlive_a_killed_parent(parent: Parent) -> None:
    parent.process.kill()
    assert parent.children_end()
    parent.last_words()


def test_a_dead_child_is_named_with_its_log_and_the_others_stop(parent: Parent, tmp_path: Path) -> None:
    parent.send(parent.handles[1], signal.SIGKILL)
    words = parent.last_words()
    assert "second was killed by signal 9" in words
    assert str(tmp_path / "second.log") in words
    assert parent.children_end()


def test_a_child_that_dies_before_it_is_ready_tells_its_last_words(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "import sys; print('no such thing'); sys.exit(3)"]
    child = Child("web server", argv, log=tmp_path / "web.log").start()
    with pytest.raises(ChildError, match="web server ended with code 3") as caught:
        child.await_ready(lambda: False)
    assert "no such thing" in str(caught.value)
    assert str(tmp_path / "web.log") in str(caught.value)


def test_a_child_that_never_becomes_ready_is_said_so(tmp_path: Path) -> None:
    child = Child("web server", SLEEPER, log=tmp_path / "web.log").start()
    with pytest.raises(ChildError, match=r"not ready after 0\.2 s"):
        child.await_ready(lambda: False, timeout_s=0.2)
    child.stop()
    assert not child.alive


def test_a_child_that_ignores_the_stop_signal_is_killed(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
    child = Child("deaf", [sys.executable, "-c", deaf], log=tmp_path / "deaf.log").start()
    child.await_ready(lambda: "up" in child.output())
    child.stop(timeout_s=0.2)
    assert not child.alive


def test_the_log_keeps_earlier_runs_but_output_is_of_the_last(tmp_path: Path) -> None:
    child = Child("twice", [sys.executable, "-c", "import os; print(os.getpid())"], log=tmp_path / "log")
    pids = []
    for _ in range(2):
        child.start()
        assert child.ended_within(10)
        pids.append(str(child.pid))
        assert child.output().split() == pids[-1:]
    assert (tmp_path / "log").read_text().split() == pids


def test_servers_stop_after_those_who_use_them(tmp_path: Path) -> None:
    order = tmp_path / "order"
    family = Family()
    for name, add in (("server", family.add_server), ("user", family.add)):
        script = (
            "import signal, sys; signal.signal(signal.SIGTERM, lambda n, f: sys.exit("
            f"print('{name}', file=open({str(order)!r}, 'a')))); print('up', flush=True); signal.pause()"
        )
        child = Child(name, [sys.executable, "-c", script], log=tmp_path / f"{name}.log").start()
        add(child)
        child.await_ready(lambda child=child: "up" in child.output())  # type: ignore[misc]
    family.stop()
    assert order.read_text().split() == ["user", "server"]


def test_a_busy_port_is_refused_by_number() -> None:
    import socket

    port = free_port()
    require_free(port)
    with socket.create_server(("127.0.0.1", port)), pytest.raises(BusyPortError, match=str(port)):
        require_free(port)
