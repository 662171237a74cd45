#!/usr/bin/env bash
# A sweep on LSF: bsub < lsf.sh
# Two minutes before the time limit LSF sends USR1; the job stops with exit code 75, for which it is queued again.
#BSUB -J rates[1-8]
#BSUB -n 4
#BSUB -W 2:00
#BSUB -wa USR1
#BSUB -wt 2
#BSUB -Q 75
#BSUB -o /shared/rates.%I.log
# LSF counts from 1.
exec bnexp sweep /shared/sweep.json --task $((LSB_JOBINDEX - 1)) --tasks 8 --collect /shared/shards --jobs 4 --progress plain
