"""L-GCN's network in PyTorch, for lgcn.rs.

python3 lgcn_torch.py SET.f32 DIM K1 K2 U WIDTHS ROWS PIVOTS REPEATS dense|sparse

Scores the neighbours of the first PIVOTS of ROWS rows in batches of 16, as published: each pivot's
surroundings padded to the largest of its batch, adjacency as a dense matrix (`dense`), or all
surroundings of a batch stacked without padding, adjacency as one sparse matrix (`sparse`). Only
the network is timed: the surroundings are built beforehand. One thread. Prints the pivots scored
in a CPU second.
"""

import sys
import time

import numpy as np
import torch

BATCH = 16


def neighbours(rows, k):
    found = []
    for start in range(0, len(rows), 1000):
        similar = rows[start : start + 1000] @ rows.T
        similar[torch.arange(len(similar)), torch.arange(start, start + len(similar))] = -9
        found.append(similar.topk(min(k, len(rows) - 1)).indices)
    return torch.cat(found).numpy()


def surroundings(near, pivot, k1, k2, u):
    one = near[pivot, :k1]
    nodes = [pivot, *one]
    known = set(nodes)
    for node in one:
        for far in near[node, :k2]:
            if far not in known:
                known.add(far)
                nodes.append(far)
    place = {node: at for at, node in enumerate(nodes)}
    links = {(place[node], place[far]) for node in nodes for far in near[node, :u] if far in place}
    links |= {(b, a) for a, b in links}
    return np.array(nodes), np.array(sorted(links)).T


def main():
    path, dim, k1, k2, u, widths, n, pivots, repeats, way = sys.argv[1:]
    dim, k1, k2, u, n, pivots = map(int, (dim, k1, k2, u, n, pivots))
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rows = torch.from_numpy(np.fromfile(path, "<f4", n * dim).reshape(n, dim))
    near = neighbours(rows, max(k1, k2, u))
    batches = []
    for start in range(0, pivots, BATCH):
        graphs = [surroundings(near, at, k1, k2, u) for at in range(start, min(start + BATCH, pivots))]
        most = max(len(nodes) for nodes, _ in graphs)
        if way == "dense":
            ids = torch.zeros(len(graphs), most, dtype=torch.long)
            near_by = torch.zeros(len(graphs), most, most)
            for at, (nodes, links) in enumerate(graphs):
                ids[at, : len(nodes)] = torch.from_numpy(nodes)
                ids[at, len(nodes) :] = int(nodes[0])
                near_by[at, links[0], links[1]] = 1
            near_by /= near_by.sum(2, keepdim=True).clamp_min(1)
            batches.append((ids, near_by, None))
        else:
            starts = np.cumsum([0] + [len(nodes) for nodes, _ in graphs])
            ids = torch.from_numpy(np.concatenate([nodes for nodes, _ in graphs]))
            owner = torch.from_numpy(np.repeat([nodes[0] for nodes, _ in graphs], np.diff(starts)))
            links = torch.from_numpy(np.concatenate([links + at for (_, links), at in zip(graphs, starts)], 1))
            counts = torch.bincount(links[0], minlength=len(ids)).clamp_min(1)
            near_by = torch.sparse_coo_tensor(links, 1.0 / counts[links[0]], (len(ids), len(ids)))
            scored = torch.from_numpy(np.concatenate([at + np.arange(1, k1 + 1) for at in starts[:-1]]))
            batches.append((ids, near_by.to_sparse_csr(), (owner, scored)))
    layers, inputs = [], dim
    for width in map(int, widths.split(",")):
        layers.append((torch.randn(2 * inputs, width) * inputs**-0.5, torch.zeros(width)))
        inputs = width
    head = torch.nn.Sequential(
        torch.nn.Linear(inputs, inputs), torch.nn.PReLU(inputs), torch.nn.Linear(inputs, 2)
    )
    mean, deviation = torch.zeros(dim), torch.full((dim,), 0.05)

    def score(ids, near_by, stacked):
        if stacked is None:
            hidden = rows[ids] - rows[ids[:, :1]]
        else:
            hidden = rows[ids] - rows[stacked[0]]
        hidden = (hidden - mean) / deviation
        for weight, bias in layers:
            linked = torch.bmm(near_by, hidden) if stacked is None else near_by @ hidden
            hidden = torch.relu(torch.cat([hidden, linked], -1) @ weight + bias)
        if stacked is None:
            hidden = hidden[:, 1 : k1 + 1].reshape(-1, hidden.shape[2])
        else:
            hidden = hidden[stacked[1]]
        return torch.softmax(head(hidden), 1)[:, 1]

    with torch.no_grad():
        score(*batches[0])
        begun = time.process_time()
        for _ in range(int(repeats)):
            for batch in batches:
                score(*batch)
        spent = time.process_time() - begun
    print(pivots * int(repeats) / spent)


main()
