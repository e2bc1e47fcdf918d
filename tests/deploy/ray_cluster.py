"""A local Ray cluster of two nodes with a CPU each, for whichever Python has Ray.

Writes its address, then does what each line of its input says: `lose` a node, `add` one. Ends with
its input.
"""

import sys

from ray.cluster_utils import Cluster

cluster = Cluster()
nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
print(cluster.address, flush=True)
for line in sys.stdin:
    if line.strip() == "lose":
        cluster.remove_node(nodes.pop(), allow_graceful=False)
    else:
        nodes.append(cluster.add_node(num_cpus=1))
    print("done", flush=True)
cluster.shutdown()
