"""Runs the AWS emulator for as long as standard input stays open.

The process that starts it holds the other end. When that process ends, however it ends, the pipe closes and the
emulator stops cleanly, which is also when it writes its state.
"""

import os
import signal
import sys
import threading


def stop_when_orphaned() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=stop_when_orphaned, daemon=True).start()
sys.argv = ["ministack"]

from ministack.app import main  # noqa: E402 - after the thread, so that a slow import can be interrupted

main()
