"""What the service costs: latency, throughput beside the disk's own rate, memory, idle CPU.

    cargo build --release
    python3 tests/bench/service.py [target/release/copydesk] [--folder DIR] [--quick]

Prints a table, in Markdown. Captures are small texts (about 600 bytes), moved into the inbox (`complete = "rename"`), as
producers do that know when they are done; with `settle` the time that it waits comes on top. A result is visible when its
name stands in `new/`. Everything lies in one folder (`--folder`, else the system's), so that the rate at which the disk
makes a file durable (write, fsync, rename, fsync of the folder) is that of the same disk, in the same run. The machine
should do nothing else.
"""
import argparse
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def text(token):
    """A capture that is not like the others."""
    words = "The clerk of the harbour wrote {} into the book, and the crew of the ferry waited an hour for pears. "
    return "".join(words.format(f"{token}{place}") for place in ("a", "b", "c", "d", "e", "f")) + "\n"


class Service:
    """A running service with its folders."""

    def __init__(self, program, folder, *settings):
        self.inbox, self.spool, self.draft = (folder / name for name in ("inbox", "spool", "draft"))
        for made in (self.inbox, self.draft):
            made.mkdir()
        command = [program, "run", "--inbox", str(self.inbox), "--spool", str(self.spool), "--set", 'arrival.complete="rename"']
        for setting in settings:
            command += ["--set", setting]
        self.log = (folder / "log").open("wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        self.new, self.seen = self.spool / "new", {}
        until = time.monotonic() + 30
        while not (self.spool / "control.sock").exists() or not self.new.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the service does not start:\n{(folder / 'log').read_text()}")
            time.sleep(0.02)
        time.sleep(0.5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def drop(self, token):
        """Moves a capture into the inbox; gives the moment."""
        draft = self.draft / f"{token}.txt"
        draft.write_text(text(token))
        draft.rename(self.inbox / draft.name)
        return time.monotonic()

    def take(self):
        """Takes what is visible out of the spool, as a consumer does; gives paths of captures."""
        now, taken = time.monotonic(), []
        for entry in os.scandir(self.new):
            with open(entry.path, encoding="utf-8") as lines:
                taken.append(json.loads(lines.readline())["capture"]["path"])
            os.unlink(entry.path)
        self.seen.update(dict.fromkeys(taken, now))
        return taken

    def wait(self, count, seconds=600):
        """Waits until so many captures were seen."""
        until = time.monotonic() + seconds
        while len(self.seen) < count:
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit(f"{len(self.seen)} of {count} captures came out")
            if not self.take():
                time.sleep(0.001)

    def cpu(self):
        """Seconds of CPU so far, that of all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        """Resident memory, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def disk_rate(folder, seconds=3):
    """Files a second that the disk makes durable, one after another."""
    (folder / "disk").mkdir()
    root, count, start = os.open(folder / "disk", os.O_RDONLY), 0, time.monotonic()
    while time.monotonic() - start < seconds:
        part = folder / "disk" / "part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT)
        os.write(handle, b"x" * 2048)
        os.fsync(handle)
        os.close(handle)
        part.rename(folder / "disk" / str(count))
        os.fsync(root)
        count += 1
    os.close(root)
    return count / (time.monotonic() - start)


def latency(program, folder, rate, seconds):
    """(p50, p99) from the move into the inbox to the name in `new/`, in milliseconds."""
    count = max(20, int(rate * seconds))
    with Service(program, folder, 'retention="delete"') as service:
        arrived, start = {}, time.monotonic()
        for number in range(count):
            while time.monotonic() < start + number / rate:
                if not service.take():
                    time.sleep(0.0005)
            arrived[f"{number}.txt"] = service.drop(str(number))
        service.wait(count)
        spent = sorted(1000 * (service.seen[path] - moment) for path, moment in arrived.items())
    return spent[len(spent) // 2], spent[int(len(spent) * 0.99)]


def throughput(program, folder, durability, count):
    """Captures a second, all of them there at once."""
    with Service(program, folder, 'retention="delete"', f'durability="{durability}"') as service:
        ready = folder / "ready"
        ready.mkdir()
        for number in range(count):
            (ready / f"{number}.txt").write_text(text(str(number)))
        start = time.monotonic()
        ready.rename(service.inbox / "ready")
        service.wait(count)
        return count / (time.monotonic() - start)


def memory(program, folder, count):
    """MiB of resident memory that `count` captures add to that of the first hundred."""
    with Service(program, folder, 'retention="delete"', 'durability="process"') as service:
        for number in range(100):
            service.drop(f"first{number}")
        service.wait(100)
        before = service.memory()
        for number in range(count):
            service.drop(str(number))
            if number % 500 == 499:
                service.wait(100 + number + 1 - 200)
        service.wait(100 + count)
        return before, service.memory() - before


def idle(program, folder, seconds):
    """Share of a core that it takes with nothing to do, in percent."""
    with Service(program, folder) as service:
        service.drop("one")
        service.wait(1)
        time.sleep(3)
        before, start = service.cpu(), time.monotonic()
        time.sleep(seconds)
        return 100 * (service.cpu() - before) / (time.monotonic() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", default="target/release/copydesk")
    parser.add_argument("--folder")
    parser.add_argument("--quick", action="store_true", help="a tenth of the captures: to try the script")
    args = parser.parse_args()
    part = 10 if args.quick else 1

    def of(measure, *rest):
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            return measure(*((args.program,) if measure is not disk_rate else ()), Path(folder), *rest)

    print("| measure | figure |\n|---|---|", flush=True)
    for rate, seconds in ((1, 60), (50, 20), (500, 10)):
        p50, p99 = of(latency, rate, seconds / part)
        print(f"| arrival to visible at {rate} captures/s, `power`, p50 / p99 | {p50:.0f} / {p99:.0f} ms |", flush=True)
    print(f"| the disk: write, fsync, rename, fsync of the folder | {of(disk_rate):.0f} files/s |", flush=True)
    for durability in ("power", "process"):
        print(f"| sustained, `{durability}` | {of(throughput, durability, 10000 // part):.0f} captures/s |", flush=True)
    print(f"| the disk again | {of(disk_rate):.0f} files/s |", flush=True)
    print(f"| idle CPU, of a core | {of(idle, 60 / part):.2f} % |", flush=True)
    count = 100_000 // part
    before, added = of(memory, count)
    print(f"| resident memory at the start, and what {count:,} captures add | {before:.0f} MiB, +{added:.0f} MiB |", flush=True)


if __name__ == "__main__":
    main()
