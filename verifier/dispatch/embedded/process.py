"""One worker process as its parent sees it: start it, give it a chunk, end it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any

from verifier.children.messages import HungUp, frame
from verifier.dispatch.chunk import MIN_ROLLOUTS, Chunk, encode_chunk
from verifier.dispatch.cpu_clock import cpu_s_of
from verifier.dispatch.embedded.framing import Lines, Talk
from verifier.dispatch.figures import add_counts
from verifier.errors import VerifierError
from verifier.model import Result, Run, Task, TruthText
from verifier.wire import decode_result
from verifier.worker_process import command

START_LIMIT_S = 120.0
"""Of a first attempt. A machine that drowns gets a worker up as well, only later."""
LONGEST_START_S = 3600.0
STOP_LIMIT_S = 10.0
CANCEL = b""
GATHER_S = 0.005
"""Verdicts of quick rollouts are collected together, this long apart."""
_SMALL_CHARS = 8192
"""Of a rollout: a few of these are encoded sooner than handed to another thread."""
WORKER_COMMAND = command("verifier.dispatch.embedded.worker")


class WorkerLost(VerifierError):
    """The worker ended, or could not start; the text says what is known about it."""


class WorkerProcess:
    """A warm worker. Belongs to one task; only `cancel` and `kill` may come from elsewhere."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        transport: asyncio.Transport,
        talk: Talk,
        news: asyncio.Event,
        verdicts: Lines,
    ) -> None:
        self._process = process
        self._transport = transport
        self._talk = talk
        self._news = news
        self._verdicts = verdicts
        self.counts: dict[str, float] = {}
        """What it counted since this was emptied; see `sandbox.counting`."""

    @classmethod
    async def start(
        cls, sandbox: str, command: Sequence[str] = WORKER_COMMAND, *, failed_before: int = 0
    ) -> WorkerProcess:
        """Returns once it has judged known rollouts rightly. Raises WorkerLost.

        Waits longer after every attempt that failed."""
        limit_s = min(LONGEST_START_S, START_LIMIT_S * 2 ** min(failed_before, 32))
        news = asyncio.Event()
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:  # descriptors may run out at each step
            transport, talk = await loop.create_connection(lambda: Talk(news), sock=ours)
            undo.callback(transport.close)
            read_end, write_end = os.pipe()
            verdicts = Lines(read_end)
            undo.callback(verdicts.close)
            try:
                process = await _spawn([*command, "--sandbox", sandbox], theirs.fileno(), write_end)
            finally:
                os.close(write_end)
            undo.pop_all()
        worker = cls(process, transport, talk, news, verdicts)
        try:
            async with asyncio.timeout(limit_s):
                report = await worker._report()
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

    @property
    def cpu_s(self) -> float:
        """CPU seconds that it has used, without its children; 0 where it has ended."""
        return cpu_s_of(self._process.pid)

    async def _report(self) -> dict[str, Any]:
        """Its next message. Raises HungUp."""
        while (said := self._talk.next_object()) is None:
            await self._news.wait()
            self._news.clear()
        return said

    async def work(self, chunk: Chunk) -> AsyncIterator[list[tuple[int, Result]]]:
        """What comes of the chunk's tasks in their order, a few at a time; fewer than it has where
        it was cancelled or would have taken long. Raises WorkerLost, after all that were given."""
        is_small = len(chunk.tasks) <= MIN_ROLLOUTS and all(
            _is_small(task) for _, task in chunk.tasks
        )
        payload = encode_chunk(chunk) if is_small else await asyncio.to_thread(encode_chunk, chunk)
        self._transport.write(frame(payload))
        said: dict[str, Any] | HungUp | None = None
        try:
            while said is None:
                await self._some_verdicts()
                try:
                    said = self._talk.next_object()
                except HungUp as error:
                    said = error  # once what it gave before has been taken
                yield [decode_result(content) for content in self._verdicts.collect()]
            if isinstance(said, HungUp):
                raise said
        except (HungUp, OSError, KeyError, TypeError, ValueError) as error:
            raise WorkerLost(f"It ended while it judged ({type(error).__name__}).") from error
        if "fault" in said:
            raise WorkerLost(str(said["fault"]))
        add_counts(self.counts, said.get("counts", {}))

    async def _some_verdicts(self) -> None:
        """Returns when there are verdicts to collect that nothing is gained by leaving there."""
        loop = asyncio.get_running_loop()
        gathering: asyncio.TimerHandle | None = None

        def gather() -> None:
            nonlocal gathering
            gathering = loop.call_later(GATHER_S, self._news.set)

        with self._verdicts.watched(gather):
            await self._news.wait()
        self._news.clear()
        if gathering:
            gathering.cancel()

    def cancel(self) -> None:
        """Have it give up the rest of its chunk after the rollout it is at."""
        if not self._transport.is_closing():
            self._transport.write(frame(CANCEL))

    def kill(self) -> None:
        """End it at once; a `work` under way raises WorkerLost."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> None:
        """Returns when the process has ended by itself."""
        await self._process.wait()

    async def stop(self) -> None:
        """End it in order, so that it takes its sandbox along; by force if that takes too long."""
        self._transport.close()
        self._verdicts.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_LIMIT_S):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()


def _is_small(task: Task) -> bool:
    if isinstance(task, Run):
        return len(task.source) + len(task.stdin) < _SMALL_CHARS and not task.files
    truth = task.ground_truth
    is_text = isinstance(truth, TruthText)
    return is_text and len(truth.text) + len(task.completion) < _SMALL_CHARS


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
