"""The names of keys and queues in Redis, and how long each key is kept."""

from __future__ import annotations

import os
import re

from verifier.model import Kind

FORMAT = 5
"""Of what lies in Redis. Processes of another format do not meet it: raise it with every change
that one of the release before would misread. (1 had no number in its names.)"""
SPACE = os.environ.get("VERIFIER_REDIS_PREFIX", "")
"""Services that share a Redis have one of their own each, a word; what one has, no other meets."""
if SPACE and not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", SPACE):
    raise SystemExit(
        "verifier: VERIFIER_REDIS_PREFIX cannot be used: give it a letter, then letters, digits "
        "and hyphens, all lower-case, 32 at most."
    )
PREFIX = f"verifier:{SPACE}:" if SPACE else "verifier:"
FORMATS = PREFIX + "formats"
"""Sorted set: format -> when a worker of it was last heard of. The same in all formats."""
WORKERS_OF_FORMAT_1 = PREFIX + "workers"
PROBLEMS = PREFIX + "problems"
"""Hash: name of a registered ground truth -> what is known of it. The same in all formats, as the
other two are: what is registered outlives a release."""
PROBLEMS_BYTES = PREFIX + "problems-bytes"
PROBLEM = PREFIX + "problem:"
"""A registered ground truth, by its name."""

OURS = f"{PREFIX}{FORMAT}:"
WORKERS = OURS + "workers"
"""Sorted set: worker -> when it was last heard of."""
SERVING = WORKERS + ":"
"""The same of those that serve a lane."""
PROBE = OURS + "probe"
"""Written to see whether Redis takes anything."""
LEASES = OURS + "leases"
"""Sorted set: job -> until when its worker has it for itself."""
SENT = OURS + "sent"
"""Sorted set: job -> since when it is in its RQ queue."""
UNJUDGED = OURS + "unjudged"
"""Hash: batch -> its rollouts without a verdict. The bound on waiting rollouts is over these."""
UNJUDGED_CODE = OURS + "unjudged-code"
"""Hash: batch -> those among them that need a sandbox."""
IDLE = OURS + "idle"
"""Sorted set: worker that has nothing to do -> since when. It may be handed a chunk."""
HANDED = OURS + "handed:"
"""List, under a worker: the chunk that it was handed as it was submitted, and what that is."""
TURNS = OURS + "turns:"
"""List for each lane: the owners with waiting chunks. Under it and an owner: a list of the batches.
An owner is in the one exactly as long as the other is there."""
DEADLINES = OURS + "deadlines"
"""Sorted set: batch -> when nobody waits for it any more."""
WINDOW = OURS + "window"
"""Chunks that a queue holds before the others have to wait for their turn."""
REAPER = OURS + "reaper"
FAULT = OURS + "fault"
"""Why a worker could not judge lately, for an operator."""
DRAINED = OURS + "drained"
"""Set: machines whose workers take no more chunks; EVERYWHERE stands for all."""
EVERYWHERE = "*"
COUNTS = OURS + "counts"
"""Hash: what was counted, by all. See `sandbox.counting`."""
MAX_COUNTS = 4096
"""Names in it. Beyond, a count with a label that is new goes to that of the label `other`."""
NEWS = OURS + "news"
"""Channel: batches that have new verdicts, how many groups of them are listed by now, and the last
group where it is small."""
TRUTH = OURS + "truth:"
"""A large ground truth, by the digest of its JSON."""
REMEMBERED, REMEMBERED_BEFORE = OURS + "remembered", OURS + "remembered-before"
"""Hashes: verdicts that last, by all that they follow from. When the first is full it takes the
place of the second."""
REMEMBERED_S = 86_400
"""How long either is kept from its first verdict on."""
NAMED = OURS + "named:"
"""Hash: the batch of a name and the note to it, by the digest of the name. It outlasts the batch,
for as long as an API process may keep the verdicts."""

CANCELLED = OURS + "cancelled:"
"""There after a batch of that name was cancelled, for as long as an API process may keep its
verdicts, unless the name is used again."""

OWNED = OURS + "owned:"
"""Sorted set, under an owner: digest of a name -> since when it is a batch's."""
MAX_OWNED = 16_384
"""Names of one owner that are kept, the latest ones."""

QUEUES = ("training", "evaluation")
"""In the order in which workers look into them. Each is a lane for each kind of work."""
LEASE_S = 2.0
LAST_LEASE_S = 12.0
"""The same for a rollout that is given up where this worker, too, is lost: one on a machine so busy
that it was silent for a while is not dead, and may still say what it found."""
HEARTBEAT_S = 0.5
WORKER_FORGOTTEN_S = 5.0
UPLOAD_S = 300
"""How long what a batch consists of may lie in Redis before the batch is accepted."""
KEEP_S = 900
"""How long verdicts outlast their batch's deadline: so long may its sender come back for them."""


def batch_key(batch: str, part: str = "") -> str:
    """`part` is one of payloads, waiting-<kind>, results, judged, watchers, handed-over (the
    places of programs that were taken for mathematics) and, where the batch can be recalled,
    members. None is the batch itself, a hash of its size, deadline, queue, `code_from` (its places
    from there on need a sandbox), since when it is there, what log lines are `about`, whether it
    was closed, and `void` where its verdicts are not for who sends it again: failed, cancelled."""
    return f"{OURS}batch:{batch}" + (f":{part}" if part else "")


def lane(kind: Kind, queue: str) -> str:
    """The work of one kind in one of QUEUES."""
    return f"{kind}-{queue}"


def rq_queue(lane: str) -> str:
    """RQ's name of the queue of a lane."""
    return f"verifier-{SPACE}-{FORMAT}-{lane}" if SPACE else f"verifier-{FORMAT}-{lane}"


def rq_key(lane: str) -> str:
    """RQ's list of that queue."""
    return f"rq:queue:{rq_queue(lane)}"


LANES = tuple(lane(kind, queue) for queue in QUEUES for kind in Kind)
