#!/usr/bin/env bash
# A sweep on a Slurm cluster; docs/slurm.md tells what the script does that this submits.
bnexp sweep /shared/sweep.json --db /shared/results.sqlite --slurm --trials-per-task 20 --jobs 4 --time 2:00:00 | sbatch
