#!/usr/bin/env python3
"""Measures bnexp on results of many runs: merging shards, again, listing, comparing, reporting, deleting, and the status and planning of a sweep.

Usage: Benchmarks/merge_scale.py [--bnexp FILE] [--shards 1000] [--runs 10] [--steps 140] [--many 100000] [--folder DIR]

A real run is the template: its rows, and the hash over them, are copied under the numbers of other runs, so that every copy is sound.
Prints a line for each command: seconds, those of processors, peak memory, rows a second.
"""
import argparse, json, os, pathlib, shutil, sqlite3, subprocess, tempfile, time, uuid

repository = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--bnexp", default=str(repository / ".build/release/bnexp"))
parser.add_argument("--shards", type=int, default=1000)
parser.add_argument("--runs", type=int, default=10, help="runs of a shard")
parser.add_argument("--steps", type=int, default=140, help="steps of a run; each logs about 70 rows")
parser.add_argument("--many", type=int, default=100_000, help="runs of the file that is listed, and trials of the sweep")
parser.add_argument("--folder", help="where files of many gigabytes may lie; default is a temporary folder")
options = parser.parse_args()


def measured(name, *arguments, rows=None):
    """Runs bnexp, and prints what it took."""
    start = time.monotonic()
    process = subprocess.Popen([options.bnexp, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"{name} failed: {errors}")
    processor = usage.ru_utime + usage.ru_stime
    rate = f"   {rows / seconds / 1e6:6.2f} million rows a second, {rows / processor / 1e6:.2f} of a processor" if rows else ""
    print(f"{name:28} {seconds:9.2f} s, of processors {processor:8.2f} s {usage.ru_maxrss / 1024:8.0f} MB{rate}", flush=True)


def quietly(*arguments):
    subprocess.run([options.bnexp, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def multiply(path, count, keep_rows=True):
    """Has a file with one run hold so many copies of it, each with a trial of its own."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = OFF")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        columns = {name: [row[1] for row in database.execute(f"PRAGMA table_info('{name}')")] for name in tables}
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        for name in tables:
            if "run_id" in columns[name] and (keep_rows or name in ("run_parameter", "run_attempt", "training_step", "evaluation")):
                others = ", ".join(f'"{c}"' for c in columns[name] if c != "run_id")
                database.execute(f"INSERT INTO {name} (run_id, {others}) {numbers} SELECT i, {others} FROM n, {name} WHERE run_id = 1")
        others = [c for c in columns["run"] if c not in ("id", "uuid", "identity", "trial", "name")]
        if count > 1:
            database.execute(
                f"INSERT INTO run (id, uuid, identity, trial, name, {', '.join(others)}) {numbers} "
                f"SELECT i, 'x', 'x' || i, i - 1, 'scale/' || (i - 1), {', '.join('run.' + c for c in others)} FROM n, run WHERE run.id = 1"
                .replace("'x', 'x' || i", "'00000000-0000-8000-8000-' || printf('%012x', i), 'x' || i"))
    return path


def renumber(path, shard):
    """Gives the runs of a copied shard names of their own."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = OFF")
        for (number,) in database.execute("SELECT id FROM run").fetchall():
            identity = f"{shard:032x}{number:032x}"
            database.execute("UPDATE run SET uuid = ?, identity = ? WHERE id = ?", (str(uuid.UUID(int=(shard << 32) + number)), identity, number))


with tempfile.TemporaryDirectory(dir=options.folder, prefix="bnexp-scale-") as name:
    folder = pathlib.Path(name)
    template = folder / "template.sqlite"
    quietly("run", repository / "configs/mnist_base.json", "--db", template, "--set", f"training.steps={options.steps}", "--set", "logging.every=1")
    with sqlite3.connect(template) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        steps = [n for (n,) in database.execute("SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND c.name = 'run_id'")]
        rows = sum(database.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in steps)
    first = folder / "shard.sqlite"
    shutil.copy(template, first)
    multiply(first, options.runs)
    shards = []
    for number in range(options.shards):
        shards.append(folder / f"shard-{number}.sqlite")
        shutil.copy(first, shards[-1])
        renumber(shards[-1], number + 1)
    total = rows * options.runs * options.shards
    print(f"{options.shards} shards of {options.runs} runs, {total / 1e6:.1f} million rows, {first.stat().st_size * options.shards / 1e9:.1f} GB")
    merged = folder / "merged.sqlite"
    measured("merge", "merge", *shards, "--db", merged, rows=total)
    measured("merge again", "merge", *shards, "--db", merged)
    for path in [merged, *shards]:
        path.unlink()

    many = folder / "many.sqlite"
    shutil.copy(template, many)
    multiply(many, options.many, keep_rows=False)
    print(f"a file of {options.many} runs, {many.stat().st_size / 1e9:.1f} GB")
    measured("list", "list", "--db", many)
    measured("list --status running", "list", "--status", "running", "--db", many)
    measured("list --json", "list", "--json", "--db", many)
    measured("compare 1 2", "compare", 1, 2, "--db", many)
    measured("report 1 2", "report", 1, 2, "--db", many, "-o", folder / "report.html")
    measured("delete, of every ten nine", "delete", "--name", "*[1-9]", "--db", many)
    measured("delete, all others", "delete", "--status", "finished", "--yes", "--db", many)
    many.unlink()

    sweep = folder / "sweep.json"
    sweep.write_text(json.dumps({
        "name": "scale", "config": str(repository / "configs/mnist_base.json"),
        "product": {"optimizer.learning_rate": {"logspace": [-3, 0, options.many // 100]}}, "seeds": {"range": [1, 100, 1]}}))
    measured("sweep --dry-run", "sweep", sweep, "--dry-run", "--db", folder / "none.sqlite")
    quietly("sweep", sweep, "--expand", "--db", folder / "sweep.sqlite")
    measured("sweep status latest", "sweep", "status", "latest", "--db", folder / "sweep.sqlite")
    measured("sweep status SWEEP.json", "sweep", "status", sweep, "--db", folder / "sweep.sqlite")
