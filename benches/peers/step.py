"""One training step of Ball Cluster Learning in PyTorch, for step.rs.

python3 step.py product|pairs WARM STEPS

`product` takes squared distances by a matrix product, `pairs` as published, by the differences
of all pairs of rows and centroids. One thread. Prints the CPU seconds of one step.
"""

import sys
import time

import torch
import torch.nn.functional as F

ROWS, IDENTITIES, DIMS = 2000, 200, [256, 256, 128, 64, 64]


def distances(rows, centroids, way):
    if way == "pairs":
        return (rows[:, None, :] - centroids[None, :, :]).pow(2).sum(2)
    squares = rows.pow(2).sum(1)[:, None] + centroids.pow(2).sum(1)[None, :]
    return squares - 2 * rows @ centroids.T


def main():
    way, warm, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    layers = []
    for inputs, outputs in zip(DIMS, DIMS[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    h = torch.nn.Parameter(torch.tensor(-2.25))
    groups = [{"params": network.parameters()}, {"params": [h], "lr": 3e-5}]
    optimiser = torch.optim.SGD(groups, lr=3e-3, momentum=0.9)
    batch = torch.rand(ROWS, DIMS[0]) * 0.2 - 0.1
    labels = torch.arange(ROWS) % IDENTITIES
    every = torch.arange(ROWS)
    counts = torch.bincount(labels, minlength=IDENTITIES)[:, None]
    for at in range(warm + steps):
        if at == warm:
            begun = time.process_time()
        optimiser.zero_grad()
        rows = F.normalize(network(batch))
        sums = torch.zeros(IDENTITIES, DIMS[-1]).index_add(0, labels, rows)
        found = distances(rows, F.normalize(sums / counts), way)
        b = F.softplus(h)
        own = found[every, labels]
        foreign = found.index_put((every, labels), torch.tensor(torch.inf)).min(1).values
        loss = 4 * F.relu(own - b).mean() + F.relu(9 * b + 0.05 - foreign).mean()
        loss.backward()
        optimiser.step()
    print((time.process_time() - begun) / steps)


main()
