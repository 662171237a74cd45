#!/usr/bin/env bash
# A sweep on the workers of HyperQueue. A task whose worker is lost is run again on another one, from its last copy.
# shellcheck disable=SC2016  # the worker's shell expands
hq submit --array 0-7 --cpus 4 --crash-limit 20 -- bash -c \
    'exec bnexp sweep /shared/sweep.json --task "$HQ_TASK_ID" --tasks 8 --collect /shared/shards --jobs 4 --quiet'
