"""What one would write instead of the exporter: the same look at an AIPass host
in plain Python, written as the same metrics, but for counting log messages.

Usage: plain.py HOME OUTPUT.prom
"""

import json
import os
import stat
import sys
import time
from datetime import datetime

STALE_AFTER = {"new": 48 * 3600, "opened": 24 * 3600}
BUCKETS = [hours * 3600 for hours in (1, 6, 24, 48, 72, 7 * 24, 30 * 24)]
STATES = ("ok", "missing", "malformed", "unreadable")
ARRAYS = ("sessions", "key_learnings", "todos", "observations",
          "recent_work", "entries", "items", "records")
MODERN_LIMITS = {"sessions": 20, "key_learnings": 25, "observations": 25}


class Metrics:
    """Samples by family, in the order in which the families first appear."""

    def __init__(self):
        self.families = {}

    def add(self, name, value, suffix="", **labels):
        text = ",".join(f'{k}="{escape(v)}"' for k, v in labels.items())
        braces = "{" + text + "}" if text else ""
        self.families.setdefault(name, []).append(f"{name}{suffix}{braces} {value}\n")

    def write(self, path):
        temporary = path + ".tmp"
        with open(temporary, "w", encoding="utf-8") as f:
            for name, samples in self.families.items():
                f.write(f"# TYPE {name} {kind(name)}\n")
                f.writelines(samples)
            f.flush()
            os.fsync(f.fileno())
        os.replace(temporary, path)


def kind(name):
    return "histogram" if name == "aipass_mail_message_age_seconds" else "gauge"


def escape(value):
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


class Host:
    def __init__(self, home, now):
        self.home, self.now, self.metrics = home, now, Metrics()
        config = load(os.path.join(home, "MEMORY_BANK/memory_bank_json/memory_bank.config.json"))
        self.limits = (config or {}).get("rollover", {})

    def look(self):
        branches = [(branch, "legacy") for branch in self.registry("BRANCH_REGISTRY.json")]
        branches += [(branch, "modern") for branch in self.registry("AIPASS_REGISTRY.json")]
        system_logs = self.system_logs({branch["name"] for branch, _ in branches})
        self.metrics.add("aipass_registry_branches", len(branches))
        for status, seconds in STALE_AFTER.items():
            self.metrics.add("aipass_mail_stale_after_seconds", seconds, status=status)
        for branch, layout in branches:
            self.branch(branch, layout)
            self.logs(branch["name"], "system", system_logs.get(branch["name"], []))
        self.logs("", "system", system_logs.get("", []))
        self.plans()

    def registry(self, name):
        return (load(os.path.join(self.home, name)) or {}).get("branches", [])

    def branch(self, branch, layout):
        name = branch["name"]
        directory = os.path.join(self.home, branch["path"])
        self.metrics.add("aipass_branch_info", 1, branch=name, email=branch.get("email", ""),
                         profile=branch.get("profile", ""), status=branch.get("status", ""), layout=layout)
        if layout == "modern":
            mailbox, memory = ".ai_mail.local", ".trinity/"
            identity, suffixes = memory + "passport.json", ("local.json", "observations.json")
        else:
            mailbox, memory = "ai_mail.local", name.upper() + "."
            identity, suffixes = memory + "id.json", ("local.json", "observations.json")
        self.state(name, "directory", directory, parse=None)
        self.state(name, "readme", os.path.join(directory, "README.md"), parse=None)
        self.state(name, "identity", os.path.join(directory, identity))
        self.mail(name, self.state(name, "inbox", os.path.join(directory, mailbox, "inbox.json")))
        for suffix in suffixes:
            self.memory(name, layout, suffix.removesuffix(".json"), os.path.join(directory, memory + suffix))
        self.dashboard(name, os.path.join(directory, "DASHBOARD.local.json"))
        self.agent(name, os.path.join(directory, mailbox, ".dispatch.lock"))
        self.state(name, "logs", os.path.join(directory, "logs"), parse=None)
        self.logs(name, "branch", list(log_files(os.path.join(directory, "logs"))))

    def state(self, branch, file, path, parse=json.load):
        """Writes the file's state, size and time, and returns what parse made of it."""
        state, value = "ok", None
        try:
            info = os.stat(path)
            if not stat.S_ISDIR(info.st_mode):
                self.metrics.add("aipass_file_size_bytes", info.st_size, branch=branch, file=file)
            self.metrics.add("aipass_file_modified_timestamp_seconds", info.st_mtime, branch=branch, file=file)
            if parse:
                with open(path, encoding="utf-8") as f:
                    value = parse(f)
        except FileNotFoundError:
            state = "missing"
        except ValueError:
            state = "malformed"
        except OSError:
            state = "unreadable"
        for each in STATES:
            self.metrics.add("aipass_file_state", int(each == state), branch=branch, file=file, state=each)
        return value

    def memory(self, branch, layout, file, path):
        lines = []

        def parse(f):
            lines.extend(f.readlines())
            return json.loads("".join(lines))

        document = self.state(branch, file, path, parse) or {}
        limit = document.get("document_metadata", {}).get("limits", {}).get("max_lines")
        if layout == "legacy":
            limit = limit or self.legacy_limit(branch)
        if not lines:
            return
        self.metrics.add("aipass_memory_lines", len(lines), branch=branch, file=file)
        if limit:
            self.metrics.add("aipass_memory_lines_limit", limit, branch=branch, file=file)
        for array in ARRAYS:
            if array not in document:
                continue
            labels = {"branch": branch, "file": file, "array": array}
            self.metrics.add("aipass_memory_entries", len(document[array]), **labels)
            if layout == "modern" and array in MODERN_LIMITS:
                self.metrics.add("aipass_memory_entries_limit", MODERN_LIMITS[array], **labels)

    def legacy_limit(self, branch):
        scopes = self.limits.get("per_branch", {}).get(branch.upper(), {}), self.limits.get("defaults", {})
        return next((s["max_lines"] for s in scopes if "max_lines" in s), 600)

    def mail(self, branch, inbox):
        if inbox is None:
            return
        messages = inbox.get("messages", inbox.get("inbox", []))
        counts = dict.fromkeys(("new", "opened", "closed", "other"), 0)
        ages = {status: [] for status in counts}
        undated = pending = 0
        for message in messages:
            status = message.get("status") or ("other" if message.get("read") else "new")
            status = status if status in counts else "other"
            counts[status] += 1
            pending += bool(message.get("auto_execute") and status == "new")
            try:
                sent = datetime.fromisoformat(message.get("timestamp") or "").timestamp()
            except ValueError:
                undated += 1
                continue
            ages[status].append(max(0.0, self.now - sent))
        mismatch = (inbox.get("total_messages", len(messages)) != len(messages)
                    or inbox.get("unread_count", counts["new"]) != counts["new"])
        for status, count in counts.items():
            self.metrics.add("aipass_mail_messages", count, branch=branch, status=status)
        for status, seconds in ages.items():
            self.ages(branch, status, seconds)
        self.metrics.add("aipass_mail_undated_messages", undated, branch=branch)
        self.metrics.add("aipass_mail_count_mismatch", int(mismatch), branch=branch)
        self.metrics.add("aipass_mail_dispatch_pending", pending, branch=branch)

    def ages(self, branch, status, seconds):
        labels = {"branch": branch, "status": status}
        if status in STALE_AFTER:
            stale = sum(age > STALE_AFTER[status] for age in seconds)
            self.metrics.add("aipass_mail_stale_messages", stale, **labels)
        if seconds:
            self.metrics.add("aipass_mail_oldest_timestamp_seconds", self.now - max(seconds), **labels)
        name = "aipass_mail_message_age_seconds"
        for bucket in BUCKETS:
            self.metrics.add(name, sum(age <= bucket for age in seconds), "_bucket", **labels, le=bucket)
        self.metrics.add(name, len(seconds), "_bucket", **labels, le="+Inf")
        self.metrics.add(name, sum(seconds), "_sum", **labels)
        self.metrics.add(name, len(seconds), "_count", **labels)

    def dashboard(self, branch, path):
        document = self.state(branch, "dashboard", path)
        if document is None:
            return
        text = document.get("last_updated") or document.get("last_refreshed") or ""
        modified = os.stat(path).st_mtime
        try:
            updated = datetime.fromisoformat(text).timestamp()
        except ValueError:
            updated = modified
        if len(text) == len("2026-02-19"):  # some time on that day
            updated = modified if updated <= modified < updated + 86400 else updated + 86399
        self.metrics.add("aipass_dashboard_updated_timestamp_seconds", updated, branch=branch)

    def agent(self, branch, path):
        lock = load(path)
        running = lock is not None and os.path.exists(f"/proc/{lock['pid']}")
        self.metrics.add("aipass_agent_running", int(running), branch=branch)
        if lock is not None:
            started = datetime.fromisoformat(lock["timestamp"]).timestamp()
            self.metrics.add("aipass_agent_started_timestamp_seconds", started, branch=branch)

    def system_logs(self, names):
        """The shared logs by branch; BRANCH_MODULE.log goes to the longest name that fits."""
        by_lower = {name.lower(): name for name in names}
        logs = {}
        for log, size in log_files(os.path.join(self.home, "system_logs")):
            prefix = os.path.splitext(log)[0].lower()
            while prefix and prefix not in by_lower:
                prefix = prefix.rpartition("_")[0]
            logs.setdefault(by_lower.get(prefix, ""), []).append((log, size))
        return logs

    def logs(self, branch, scope, logs):
        for log, size in logs:
            self.metrics.add("aipass_log_file_size_bytes", size, branch=branch, scope=scope, log=log)
        self.metrics.add("aipass_log_size_bytes", sum(size for _, size in logs), branch=branch, scope=scope)
        self.metrics.add("aipass_log_files", len(logs), branch=branch, scope=scope)

    def plans(self):
        counts = {"open": 0, "closed": 0}
        for path in ("aipass_core/flow/flow_json/flow_registry.json",
                     "src/aipass/flow/flow_json/fplan_registry.json"):
            registry = load(os.path.join(self.home, path)) or {}
            for plan in registry.get("plans", {}).values():
                counts["open" if plan.get("status") == "open" else "closed"] += 1
        for status, count in counts.items():
            self.metrics.add("aipass_plans", count, status=status)


def load(path):
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError):
        return None


def log_files(directory):
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                if entry.name.endswith((".log", ".jsonl")) and entry.is_file(follow_symlinks=False):
                    yield entry.name, entry.stat().st_size
    except OSError:
        return


def main(home, output):
    started = time.time()
    host = Host(home, started)
    host.look()
    host.metrics.add("aipass_exporter_last_run_timestamp_seconds", started)
    host.metrics.add("aipass_exporter_run_duration_seconds", time.time() - started)
    host.metrics.write(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
