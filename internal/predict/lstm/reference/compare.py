"""Holds the project's LSTM against PyTorch on the same data.

    pip install numpy torch
    python3 internal/predict/lstm/reference/compare.py [--time | --only-time]

1. A network trained here, loaded into PyTorch, must say the same (tolerance 1e-5).
2. Both learn the same made-up task; the test errors must agree within 10 %.
3. --time: steps of 256 sequences of 30 rows of 14 values, 64 cells, both sides in turns.

For developers: no test needs it. Exits 1 when a tolerance is missed.
"""

import argparse
import json
import os
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
missed = []


def judge(ok, line):
    print(("ok    " if ok else "MISS  ") + line, flush=True)
    if not ok:
        missed.append(line)


def task(n, steps, inputs, seed):
    """Slope of the first value in noise, bent by the sign of the second."""
    r = np.random.default_rng(seed)
    slope, sign = r.normal(size=n), r.choice([-1, 1], size=n)
    x = r.normal(scale=0.3, size=(n, steps, inputs))
    x[:, :, 0] += slope[:, None] * np.linspace(0, 1, steps)
    x[:, :, 1] += 0.5 * sign[:, None]
    y = np.where(sign > 0, slope, slope**2)
    return x.astype("<f4"), y.astype("<f4")


def write(path, x, y):
    with open(path, "wb") as f:
        f.write(struct.pack("<III", *x.shape))
        f.write(np.concatenate([x.reshape(len(x), -1), y[:, None]], axis=1).astype("<f4").tobytes())
    return path


class Ours:
    """The Go side, built once into a temporary folder."""

    def __init__(self, folder):
        self.folder = folder
        self.binary = os.path.join(folder, "reference")
        self.net = os.path.join(folder, "net.bin")
        subprocess.run(["go", "build", "-o", self.binary, "."], cwd=HERE, check=True)

    def run(self, train, test, **flags):
        args = [self.binary, "-save", self.net]
        args += ["-samples", write(os.path.join(self.folder, "train.bin"), *train)]
        args += ["-test", write(os.path.join(self.folder, "test.bin"), *test)]
        for name, value in flags.items():
            args += ["-" + name, str(value)]
        return json.loads(subprocess.run(args, check=True, capture_output=True, text=True).stdout)

    def cost(self, threads, train, test, layers, epochs):
        """Seconds of one run: of the processor for one thread, of the clock for more."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        clock = self.run(train, test, layers=layers, epochs=epochs, workers=threads)["seconds"]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return used if threads == 1 else clock


class Theirs(torch.nn.Module):
    def __init__(self, inputs, hidden, layers, dropout=0.2):
        super().__init__()
        self.lstm = torch.nn.LSTM(inputs, hidden, layers, batch_first=True, dropout=dropout if layers > 1 else 0)
        self.out = torch.nn.Linear(hidden, 1)
        self.dropout = dropout

    def forward(self, x):
        h, _ = self.lstm(x)
        h = torch.nn.functional.dropout(h[:, -1], self.dropout, self.training)
        return self.out(h)[:, 0]

    def learn(self, x, y, epochs, batch=256, rate=1e-3):
        x, y = torch.from_numpy(x), torch.from_numpy(y)
        steps = torch.optim.Adam(self.parameters(), rate)
        for e in range(epochs):
            for group in steps.param_groups:
                group["lr"] = rate * (0.01 + 0.99 * (1 + np.cos(np.pi * e / epochs)) / 2)
            order = torch.randperm(len(x))
            for i in range(0, len(x), batch):
                part = order[i : i + batch]
                loss = 0.5 * torch.nn.functional.mse_loss(self(x[part]), y[part])
                steps.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.parameters(), 1.0)
                steps.step()

    def load(self, path):
        """Reads a network file of the project; its gates stand in the order i f o g, PyTorch's in i f g o."""
        raw = open(path, "rb").read()
        size = struct.unpack("<I", raw[8:12])[0]
        c = json.loads(raw[12 : 12 + size])
        flat = np.frombuffer(raw[12 + size : -4], "<f4")
        hidden = c["hidden"]

        def take(*shape):
            nonlocal flat
            n = int(np.prod(shape))
            part, flat = flat[:n].reshape(shape), flat[n:]
            return part

        def gates(m):
            i, f, o, g = np.split(m, 4, axis=-1)
            return torch.from_numpy(np.concatenate([i, f, g, o], axis=-1).T.copy())

        state, inputs = {}, c["inputs"]
        for k in range(c["layers"]):
            state[f"lstm.weight_ih_l{k}"] = gates(take(inputs, 4 * hidden))
            state[f"lstm.weight_hh_l{k}"] = gates(take(hidden, 4 * hidden))
            state[f"lstm.bias_ih_l{k}"] = gates(take(4 * hidden))
            state[f"lstm.bias_hh_l{k}"] = torch.zeros(4 * hidden)
            inputs = hidden
        state["out.weight"] = torch.from_numpy(take(hidden, 1).T.copy())
        state["out.bias"] = torch.from_numpy(take(1).copy())
        self.load_state_dict(state)

    def say(self, x):
        self.eval()
        with torch.no_grad():
            return self(torch.from_numpy(x)).numpy()


def rmse(y, p):
    return float(np.sqrt(np.mean((y - np.asarray(p)) ** 2)))


def equality(ours):
    train, test = task(2048, 20, 5, 1), task(2000, 20, 5, 2)
    for layers in (1, 2):
        mine, his = [], []
        for seed in (1, 2):
            said = ours.run(train, test, layers=layers, hidden=32, epochs=20, rate=0.005, dropout=0.1, seed=seed)["predictions"]
            net = Theirs(5, 32, layers)
            net.load(ours.net)
            apart = float(np.abs(net.say(test[0]) - said).max())
            if seed == 1:
                judge(apart < 1e-5, f"{layers} layers: loaded into PyTorch, predictions differ by at most {apart:.1e}")
            mine.append(rmse(test[1], said))
            torch.manual_seed(seed)
            net = Theirs(5, 32, layers, 0.1)
            net.learn(*train, epochs=20, rate=0.005)
            his.append(rmse(test[1], net.say(test[0])))
        a, b = statistics.mean(mine), statistics.mean(his)
        judge(a < 1.1 * b, f"{layers} layers: test RMSE {a:.4f}, PyTorch {b:.4f}, mean of 2 seeds")


def timing(ours):
    """Processor time of one thread, which a busy machine does not distort, and the clock with two threads."""
    train, test = task(16 * 256, 30, 14, 1), task(32, 30, 14, 2)
    for layers in (1, 2):
        for threads, name in ((1, "processor time, one thread"), (2, "clock, two threads")):
            mine, his = [], []
            for _ in range(5):
                # Three epochs less one: what a run costs once stays out on both sides.
                short, long = (ours.cost(threads, train, test, layers, e) for e in (1, 3))
                mine.append((long - short) / 32)
                torch.set_num_threads(threads)
                clock = time.process_time if threads == 1 else time.perf_counter
                net = Theirs(14, 64, layers)
                net.learn(*train, epochs=1)
                began = clock()
                net.learn(*train, epochs=2)
                his.append((clock() - began) / 32)
            a, b = statistics.median(mine), statistics.median(his)
            print(f"time  {layers} layers, {name}: {1e3*a:.1f} ms a step, PyTorch {torch.__version__} {1e3*b:.1f} ms; ratio {a/b:.2f}", flush=True)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--time", action="store_true")
    a.add_argument("--only-time", action="store_true")
    a = a.parse_args()
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(folder)
        if not a.only_time:
            equality(ours)
        if a.time or a.only_time:
            timing(ours)
    sys.exit(1 if missed else 0)


main()
