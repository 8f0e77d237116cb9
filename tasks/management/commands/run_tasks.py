import os
import signal

from django.core.management.base import BaseCommand

from tasks.worker import Worker


class Command(BaseCommand):
    help = "Run the worker: it sends e-mail and does long and nightly work. Ends on SIGTERM or Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run what is due now, then end")
        parser.add_argument("--parent", type=int, metavar="PID", help="end when this process, which started it, ends")

    def handle(self, *, once, parent, **options):
        worker = Worker(lives=lambda: parent in {None, os.getppid()})
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        if once:
            worker.run_until_idle()
        else:
            worker.run()
