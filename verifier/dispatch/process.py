"""One worker process as its parent sees it: start it, give it a chunk, end it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Any

from verifier.dispatch.chunk import Chunk, decode_verdict, encode_chunk
from verifier.dispatch.framing import HungUp, Lines, frame, receive_object
from verifier.model import Verdict

START_LIMIT_S = 120.0
"""Of a first attempt. A machine that drowns gets a worker up as well, only later."""
LONGEST_START_S = 3600.0
STOP_LIMIT_S = 10.0
CANCEL = b""
GATHER_S = 0.005
"""Verdicts of quick rollouts are collected together, this long apart."""
WORKER_COMMAND = (sys.executable, "-m", "verifier.worker")


class WorkerLost(Exception):
    """The worker ended, or could not start; the text says what is known about it."""


class WorkerProcess:
    """A warm worker. Belongs to one task; only `cancel` and `kill` may come from elsewhere."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        verdicts: Lines,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._verdicts = verdicts

    @classmethod
    async def start(
        cls, sandbox: str, command: Sequence[str] = WORKER_COMMAND, *, failed_before: int = 0
    ) -> WorkerProcess:
        """Returns once it has judged known rollouts rightly. Raises WorkerLost.

        Waits longer after every attempt that failed."""
        limit_s = min(LONGEST_START_S, START_LIMIT_S * 2 ** min(failed_before, 32))
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        read_end, write_end = os.pipe()
        verdicts = Lines(read_end)
        with theirs:
            try:
                process = await _spawn([*command, "--sandbox", sandbox], theirs.fileno(), write_end)
            except BaseException:
                writer.close()
                verdicts.close()
                raise
            finally:
                os.close(write_end)
        worker = cls(process, reader, writer, verdicts)
        try:
            async with asyncio.timeout(limit_s):
                report = await receive_object(reader)
            if "fault" in report:
                raise WorkerLost(str(report["fault"]))
        except TimeoutError:
            await worker.stop()
            raise WorkerLost(f"It was not ready within {limit_s:g} s.") from None
        except HungUp:
            await worker.stop()
            raise WorkerLost(f"It ended at start (exit code {process.returncode}).") from None
        except BaseException:
            await worker.stop()
            raise
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    async def judge(self, chunk: Chunk) -> AsyncIterator[list[tuple[int, Verdict]]]:
        """Verdicts of the chunk in its order, a few at a time; fewer than it has rollouts where it
        was cancelled or would have taken long. Raises WorkerLost, after all that were given."""
        payload = await asyncio.to_thread(encode_chunk, chunk)
        try:
            self._writer.write(frame(payload))
            await self._writer.drain()
            done = asyncio.create_task(receive_object(self._reader))
            try:
                while not done.done():
                    await self._some_verdicts(done)
                    yield [decode_verdict(content) for content in self._verdicts.collect()]
                if "fault" in (said := done.result()):
                    raise WorkerLost(str(said["fault"]))
            finally:
                done.cancel()
        except (HungUp, OSError, KeyError, TypeError, ValueError) as error:
            raise WorkerLost(f"It ended while it judged ({type(error).__name__}).") from error

    async def _some_verdicts(self, done: asyncio.Task[dict[str, Any]]) -> None:
        """Returns when there are verdicts to collect that nothing is gained by leaving there."""
        arriving = asyncio.create_task(self._verdicts.arrive())
        await asyncio.wait({done, arriving}, return_when=asyncio.FIRST_COMPLETED)
        arriving.cancel()
        await asyncio.wait({done}, timeout=GATHER_S)

    def cancel(self) -> None:
        """Have it give up the rest of its chunk after the rollout it is at."""
        with contextlib.suppress(OSError, RuntimeError):
            self._writer.write(frame(CANCEL))

    def kill(self) -> None:
        """End it at once; a `judge` under way raises WorkerLost."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> None:
        """Returns when the process has ended by itself."""
        await self._process.wait()

    async def stop(self) -> None:
        """End it in order, so that it takes its sandbox along; by force if that takes too long."""
        self._writer.close()
        self._verdicts.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_LIMIT_S):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()


async def _spawn(command: Sequence[str], channel: int, verdicts: int) -> asyncio.subprocess.Process:
    """Start a worker on its ends of the socket and of the pipe. Raises OSError."""
    spawning = asyncio.create_task(
        asyncio.create_subprocess_exec(
            *command,
            *("--fd", str(channel), "--verdicts", str(verdicts), "--parent", str(os.getpid())),
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=[channel, verdicts],
            # Ctrl-C at our terminal is for us to handle, not for its sandbox.
            start_new_session=True,
        )
    )
    try:
        return await asyncio.shield(spawning)
    except asyncio.CancelledError:
        # Cancelled half-way, asyncio would forget a process that is there already.
        process = await spawning
        process.kill()
        await process.wait()
        raise
