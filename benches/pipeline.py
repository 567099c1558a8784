"""The work of pipeline.rs in Python, with Pillow, numpy and onnxruntime.

python3 pipeline.py TRACKS ALIGN.onnx FACE.onnx SIDE THREADS VECTORS

Reads a folder of tracks (every file opened, its header read, its bytes fingerprinted), then
decodes, finds landmarks with the same looks, aligns, measures, embeds and pools each track as
one batch. Where a library offers a step in C (decoding, resizing, warping, grey), it is used.
Prints one JSON object with the seconds, and writes the tracks' unit vectors as float32.
"""

import hashlib
import io
import json
import math
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import onnxruntime
from PIL import Image

TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)
SMALL = 64
FRAMES = 16
SURE = 0.2
# Degrees, zoom, shift, mirrored: the second and the third look at a crop.
LOOKS = [(12.0, 1.15, (0.06, -0.05), True), (20.0, 1.0, (0.08, 0.0), False)]


def natural(name):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class Network:
    """A session that remembers the CPU time its callers spent in it."""

    def __init__(self, path):
        self.session = session(path)
        self.input = self.session.get_inputs()[0].name
        self.spent = []

    def run(self, pictures):
        pixels = np.stack([np.asarray(picture) for picture in pictures]).astype(np.float32)
        pixels = np.ascontiguousarray(((pixels - 127.5) / 127.5).transpose(0, 3, 1, 2))
        begin = time.thread_time()
        rows = self.session.run(None, {self.input: pixels})[0]
        self.spent.append(time.thread_time() - begin)
        return rows.reshape(len(pictures), -1)


def scan_track(folder):
    fingerprint = hashlib.blake2b(digest_size=32)
    files = sorted((f for f in os.listdir(folder) if f.lower().endswith((".jpg", ".jpeg", ".png"))), key=natural)
    for file in files:
        path = os.path.join(folder, file)
        with open(path, "rb") as stream:
            content = stream.read()
        width, height = Image.open(io.BytesIO(content)).size
        fingerprint.update(f"{file} {width} {height}".encode())
        fingerprint.update(content)
    return files, fingerprint.hexdigest()


def fit(source, target):
    """Least-squares turn, scale and shift: (a, b, tx, ty)."""
    cs, ct = source.mean(0), target.mean(0)
    s, t = source - cs, target - ct
    spread = (s * s).sum()
    a = (s * t).sum() / spread
    b = (s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0]).sum() / spread
    return a, b, ct[0] - a * cs[0] + b * cs[1], ct[1] - b * cs[0] - a * cs[1]


def warp(picture, points, target, side):
    a, b, tx, ty = fit(points, target)
    det = a * a + b * b
    a, b = a / det, -b / det
    back = (a, -b, -(a * tx - b * ty), b, a, -(b * tx + a * ty))
    # Pillow samples at pixel centres.
    half = (back[0] + back[1] - 1) / 2, (back[3] + back[4] - 1) / 2
    back = (*back[:2], back[2] - half[0], *back[3:5], back[5] - half[1])
    return picture.transform((side, side), Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)


def look_matrix(degrees, zoom, mirrored):
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    flip = -1 if mirrored else 1
    return np.array([[zoom * cos * flip, -zoom * sin], [zoom * sin * flip, zoom * cos]])


def look_again(align, look, small, first):
    """How far the points of the changed pictures lie from where they should have moved."""
    degrees, zoom, shift, mirrored = look
    matrix, shift = look_matrix(degrees, zoom, mirrored), np.array(shift)
    inverse = np.linalg.inv(matrix)
    origin = SMALL * (0.5 - inverse @ (0.5 + shift))
    data = (*inverse[0], origin[0], *inverse[1], origin[1])
    kind = (Image.Transform.AFFINE, data, Image.Resampling.BILINEAR)
    second = align.run([picture.transform((SMALL, SMALL), *kind) for picture in small]).reshape(-1, 5, 2)
    expected = (first - 0.5) @ matrix.T + 0.5 + shift
    if mirrored:
        expected = expected[:, [1, 0, 2, 4, 3]]
    apart = np.linalg.norm(expected - second, axis=2).mean(1)
    scale = np.array([math.hypot(*fit(points * SMALL, TEMPLATE)[:2]) for points in first])
    return apart / (zoom * np.maximum(35.24 / (SMALL * scale), 0.0315))


def landmarks(align, crops):
    small = [crop.resize((SMALL, SMALL), Image.Resampling.BILINEAR) for crop in crops]
    first = align.run(small).reshape(-1, 5, 2)
    doubt = look_again(align, LOOKS[0], small, first)
    unsure = np.flatnonzero(doubt > SURE)
    if len(unsure):
        second = look_again(align, LOOKS[1], [small[at] for at in unsure], first[unsure])
        doubt[unsure] = (doubt[unsure] + second) / 2
    return first, doubt


def weight(aligned, size, doubt):
    grey = np.asarray(aligned.convert("L"), dtype=np.float32)[12:108, 14:98]
    contrast = grey.std()
    inner = grey[1:-1, 1:-1]
    detail = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    sharpness = detail.std() / max(contrast, 1.0)
    clipped = ((grey < 8) | (grey > 247)).mean()
    if contrast < 1.5 or sharpness > 1:
        return 0.0
    if doubt > 0.38:
        return 0.02
    parts = [(contrast / 20, 0.2), (1 - clipped, 0.2), (sharpness / 0.15, 0.5), (size / 40, 0.5)]
    parts.append(((0.40 - doubt) / 0.20, 0.25))
    return max(math.prod(min(max(value, least), 1.0) for value, least in parts), 0.01)


def embed_track(folder, files, align, face, side):
    n = len(files)
    chosen = files if n <= FRAMES else [files[(2 * at + 1) * n // (2 * FRAMES)] for at in range(FRAMES)]
    crops = [Image.open(os.path.join(folder, file)).convert("RGB") for file in chosen]
    points, doubt = landmarks(align, crops)
    inputs, weights = [], []
    for crop, found, e in zip(crops, points, doubt):
        in_pixels = found * np.array(crop.size)
        weights.append(weight(warp(crop, in_pixels, TEMPLATE, 112), min(crop.size), e))
        inputs.append(warp(crop, in_pixels, TEMPLATE * side / 112, side))
    rows = face.run(inputs)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    mean = (rows * np.array(weights, dtype=np.float32)[:, None]).sum(0)
    return mean / max(np.linalg.norm(mean), 1e-12)


def main():
    root, align, face, side, threads, vectors = sys.argv[1:]
    align, face, side = Network(align), Network(face), int(side)
    wall, cpu = time.perf_counter(), time.process_time()
    folders = [folder for folder, _, files in os.walk(root) if any(f.endswith((".jpg", ".png")) for f in files)]
    folders.sort(key=lambda folder: natural(os.path.relpath(folder, root)))
    with ThreadPoolExecutor(int(threads)) as pool:
        scanned = list(pool.map(scan_track, folders))
        rows = list(
            pool.map(lambda at: embed_track(folders[at], scanned[at][0], align, face, side), range(len(folders)))
        )
    seconds = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "inference": sum(align.spent) + sum(face.spent),
    }
    np.stack(rows).astype("<f4").tofile(vectors)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
