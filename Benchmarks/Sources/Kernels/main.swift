// The speed of each kernel, beside what one thread of this machine can do at best. Prints Markdown tables of medians
// over the rounds.
//
//     scripts/bench-kernels kernels

import COpenBLAS
import NeuralNetwork
import Timing

let options = Options(
    ["--rounds", "--threads", "--only"], usage: "usage: kernels [--rounds N] [--threads N] [--only dense|sparse|passes]"
)
let rounds = options.count("--rounds", default: 15)
let threads = options.count("--threads", default: 1)
let part = options.choice("--only", of: ["dense", "sparse", "passes"])

openblas_set_num_threads(1)
let limits = MachineLimits.measure(rounds: rounds)
limits.printTable()
if part != "sparse" && part != "passes" {
    compareDenseProducts(pool: .single, peak: limits.peak, rounds: rounds)
    if threads > 1 { compareDenseProducts(pool: WorkerPool(threadCount: threads), peak: limits.peak, rounds: rounds) }
}
if part != "dense" && part != "passes" { compareSparseProducts(rounds: rounds) }
if part != "dense" && part != "sparse" { measurePasses(limits, rounds: rounds) }
