# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by each experiment's run.sh, which sets `experiment` (its folder) before, and `own_data` to yes if it makes its data, and then has:
#   quick        yes with --quick: a reduced form that takes less than a minute, on the embedded digits
#   jobs         trials at a time, as options of bnexp sweep
#   output       a folder for the results file, tables and figures, made here
#   data         all of MNIST (with --quick the embedded digits), or what --data names, as an absolute path
# bnexp is $BNEXP, else the one in PATH. BNEXP_DB is $output/results.sqlite.

root=$(cd "$experiment/../.." && pwd)
bnexp=${BNEXP:-bnexp}
quick=no
jobs=()
output=$(basename "$experiment").results
data=

while [ $# -gt 0 ]; do
    case "$1" in
    --quick) quick=yes ;;
    --jobs | --output | --data)
        [ $# -gt 1 ] || { echo "$1 needs a value" >&2; exit 64; }
        case "$1" in
        --jobs) jobs=(--jobs "$2") ;;
        --output) output=$2 ;;
        --data) data=$2 ;;
        esac
        shift
        ;;
    *)
        echo "usage: $0 [--quick] [--jobs N] [--output FOLDER] [--data FILE.h5]" >&2
        exit 64
        ;;
    esac
    shift
done

command -v "$bnexp" >/dev/null || { echo "there is no program $bnexp; put bnexp into your PATH, or name it in BNEXP" >&2; exit 64; }
if [ "${own_data:-no}" = yes ]; then
    [ -z "$data" ] || { echo "$0 makes its own data and takes no --data" >&2; exit 64; }
    data=$experiment
elif [ -z "$data" ]; then
    data=$root/data/mnist.h5
    [ $quick = no ] || data=$root/data/mnist-5k.h5
fi
if [ ! -e "$data" ]; then
    echo "$data is not there; README.md says how bnexp data import makes it from MNIST's four files. --quick needs none, --data names another" >&2
    exit 65
fi
data=$(cd "$(dirname "$data")" && pwd)/$(basename "$data")
mkdir -p "$output"
output=$(cd "$output" && pwd)
export BNEXP_DB=$output/results.sqlite
