#!/usr/bin/env python3
"""What SimPy itself takes for a year: two processes that wake every minute and do nothing.

Prints the seconds of the processor. No model that measures and decides every minute can be faster.
"""

import time

import simpy

MINUTES = 365 * 1440


def every_minute(env):
    while True:
        yield env.timeout(60)


def main():
    started = time.process_time()
    env = simpy.Environment()
    env.process(every_minute(env))
    env.process(every_minute(env))
    env.run(until=60 * MINUTES)
    print(f"{time.process_time() - started:.6f}")


if __name__ == "__main__":
    main()
