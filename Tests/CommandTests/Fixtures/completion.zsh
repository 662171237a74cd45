#compdef bnexp

__bnexp_complete() {
    local -ar non_empty_completions=("${@:#(|:*)}")
    local -ar empty_completions=("${(M)@:#(|:*)}")
    _describe -V '' non_empty_completions -- empty_completions -P $'\'\''
}

__bnexp_custom_complete() {
    local -a completions
    completions=("${(@f)"$("${command_name}" "${@}" "${command_line[@]}" 2>/dev/null)"}")
    if [[ "${#completions[@]}" -gt 1 ]]; then
        __bnexp_complete "${completions[@]:0:-1}"
    fi
}

__bnexp_cursor_index_in_current_word() {
    if [[ -z "${QIPREFIX}${IPREFIX}${PREFIX}" ]]; then
        printf 0
    else
        printf %s "${#${(z)LBUFFER}[-1]}"
    fi
}

_bnexp() {
    emulate -RL zsh -G
    setopt extendedglob nullglob numericglobsort
    unsetopt aliases banghist

    local -xr SAP_SHELL=zsh
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(builtin emulate zsh -c 'printf %s "${ZSH_VERSION}"')"
    local -r SAP_SHELL_VERSION

    local context state state_descr line
    local -A opt_args

    local -r command_name="${words[1]}"
    local -ar command_line=("${words[@]}")
    local -ir current_word_index="$((CURRENT - 1))"

    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'demo:Train on digits with and without batch normalization, and compare the two runs; a folder to begin in.'
            'init:Look at a data file, and write a config that trains well on it.'
            'run:Train a network as a config says, and record everything in the results file.'
            'sweep:Run the trials that a sweep file asks for, several at a time; or print them.'
            'list:List the runs of the results file, the newest last.'
            'show:Show one run: its config, its layers, its results and the time that its phases took.'
            'compare:Compare runs side by side: where their configs differ, then their results.'
            'plot:Draw curves and heat maps of runs, of a sweep or of any SELECT, in the terminal or as an SVG, PDF or PNG file.'
            'report:Write a page of pictures of runs: one HTML file that opens anywhere, also offline.'
            'serve:Show the page of pictures in a browser, live while runs are writing.'
            'sql:Query the results file with SQL, read-only.'
            'evaluate:Evaluate a checkpoint of a run on any split, mode and batch size; nothing is recorded.'
            'interpolate:Evaluate the networks on the straight line between two checkpoints, and the barrier between them.'
            'dump:Write one step whole to HDF5: every layer'\''s values, parameters and the gradient of each.'
            'export:Write tables as CSV (RFC 4180) or JSON Lines, runs for TensorBoard, and weights for PyTorch.'
            'merge:Add the runs of other results files to the one of --db, which is created if it is missing.'
            'extract:Copy chosen runs into a new results file, to share them.'
            'backup:Copy the results file and its checkpoints, also while runs write to it.'
            'tag:Add tags to a run or remove them; prints the tags that the run then has.'
            'note:Write a note on a run, or print its notes.'
            'delete:Delete runs with all their rows.'
            'reap:Mark runs as lost whose status is running although their process is gone.'
            'doctor:Check the results file and print a remedy for each problem; exits with 1 if there is one.'
            'gradcheck:Compare the network'\''s analytic gradients with numeric ones, per layer and parameter.'
            'explain:Put numbers into the equations of batch normalization'\''s gradient, one by one.'
            'check:Mark homework: compare arrays that were computed by hand with bnexp'\''s, and name the mistake.'
            'time:Time the three backward passes of batch normalization beside each other.'
            'verify:Train a run again and compare every row; exits with 1 if one differs.'
            'verify-resume:Show that an interrupted and resumed run gives the same bits as one that was not interrupted.'
            'data:List what HDF5 files hold, and create them.'
            'config:Print resolved configs, their differences, what keys mean, or the schema of configs.'
            'help:Show subcommand help information.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        demo|init|run|sweep|list|show|compare|plot|report|serve|sql|evaluate|interpolate|dump|export|merge|extract|backup|tag|note|delete|reap|doctor|gradcheck|explain|check|time|verify|verify-resume|data|config|help)
            "_bnexp_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_bnexp_demo() {
    local -i ret=1
    local -ar arg_specs=(
        ':folder:_files -/'
        '--force[Replace files of the folder that have the demo'\''s names and differ.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_init() {
    local -i ret=1
    local -ar arg_specs=(
        ':file:_files'
        '(--output -o)'{--output,-o}'[The config to write, else FILE'\''s name with .json; - is standard output.]:output:_files -g '\''*.json'\'''
        '--inputs[The dataset, or the array of npz and mat, of the training inputs; else names and shapes tell.]:inputs:'
        '--target[Training targets\: a dataset or array, a column of a table or of AnnData'\''s obs, a file of npy; else names tell.]:target:'
        '--data-output[The HDF5 file that an import writes, else FILE'\''s name with .h5.]:data-output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the imported data, and a config that init wrote.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_run() {
    local -i ret=1
    local -ar ___inputs=('auto' 'dense' 'sparse')
    local -ar ___if_exists=('skip' 'resume' 'rerun' 'error')
    local -ar ___inject_fault=('drop_epsilon' 'drop_mean_term' 'drop_variance_term' 'unbiased_variance' 'forget_gamma' 'gamma_from_sum' 'forget_activation' 'forget_batch_mean' 'bias_from_one_row')
    local -ar ___progress=('auto' 'plain' 'json' 'none')
    local -ar arg_specs=(
        ':config:_files -g '\''*.json'\'''
        '*--set[Set one key\: --set optimizer.learning_rate=0.1. May repeat.]:key.path=VALUE:{__bnexp_custom_complete ---completion run -- --set "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Name of the run; default is the config'\''s.]:name:'
        '--seed[Seed of the run; default is the config'\''s.]:seed:'
        '*--tag[A tag for the run, beside the config'\''s. May repeat.]:tag:{__bnexp_custom_complete ---completion run -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--threads[Threads to compute with; results are the same bits under every number.]:threads:'
        '--inputs[The form of the first layer'\''s inputs\: sparse skips zeros, auto does so where it is faster; results are the same bits.]:inputs:{__bnexp_complete "${___inputs[@]}"}'
        '--if-exists[If a run of the same identity exists\: skip it, resume it unless it has ended, rerun beside it, or error.]:if-exists:{__bnexp_complete "${___if_exists[@]}"}'
        '--extend[Let a finished run of this config go on to so many steps in all, with the bits of a run that was asked for them at first.]:steps:'
        '--inject-fault[Train with a mistake in every backward pass, recorded as training.inject_fault\: drop_epsilon, drop_mean_term, drop_variance_term, unbiased_variance, forget_gamma, gamma_from_sum, forget_activation, forget_batch_mean, bias_from_one_row.]:NAME:{__bnexp_complete "${___inject_fault[@]}"}'
        '--allow-divergence[Exit with 0 also when the loss is not finite.]'
        '--shard[Write to results.NAME.sqlite beside results.sqlite, such as a file for each machine; join the files with bnexp merge.]:NAME:'
        '--sweep[The sweep that the run is a trial of; bnexp sweep --expand prints it.]:SWEEP:{__bnexp_custom_complete ---completion run -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--trial[The number of the trial, with --sweep.]:trial:'
        '--dry-run[Print the plan of the run, and write nothing.]'
        '--progress[How to show progress\: auto, plain, json or none.]:progress:{__bnexp_complete "${___progress[@]}"}'
        '--profile[Print at the end how long the phases of this process took.]'
        '(--quiet -q)'{--quiet,-q}'[Print errors only.]'
        '(--verbose -v)'{--verbose,-v}'[Print the plan of the run too.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_sweep() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'run:Run the trials of a sweep that the results file lacks, several at a time.'
            'status:Tell how the trials of a sweep stand.'
            'list:List the sweeps of the results file, and how their trials stand.'
            'show:Show a sweep: its axes, their values and its trials.'
            'delete:Delete a sweep with its runs, but for those that other sweeps ask for too.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        run|status|list|show|delete)
            "_bnexp_sweep_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_bnexp_sweep_run() {
    local -i ret=1
    local -ar ___if_exists=('skip' 'resume' 'rerun' 'error')
    local -ar ___progress=('auto' 'plain' 'json' 'none')
    local -ar arg_specs=(
        ':file:_files -g '\''*.json'\'''
        '*--axis[Vary a key of the config; every combination of several is a trial, the last one varying fastest.]:key.path=A,B,C:{__bnexp_custom_complete ---completion sweep run -- --axis "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--seeds[Run every trial with each of these seeds, such as 1..3 or 1,2,5.]:seeds:'
        '*--set[Set one key of the base config, for all trials. May repeat.]:key.path=VALUE:{__bnexp_custom_complete ---completion sweep run -- --set "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--tag[A tag for every run. May repeat.]:tag:{__bnexp_custom_complete ---completion sweep run -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--shard[Write to results.NAME.sqlite beside results.sqlite, such as a file for each machine; join the files with bnexp merge.]:NAME:'
        '--jobs[The number of trials at a time; default is the number of processors, divided by --threads.]:jobs:'
        '--threads[Threads for each trial; results are the same bits under every number.]:threads:'
        '--index[Run only some trials, counted from 0, such as 7 or 3-9,12.]:I,A-B:'
        '--if-exists[If a run of a trial'\''s identity exists\: skip it, resume it unless it has ended, rerun beside it, or error.]:if-exists:{__bnexp_complete "${___if_exists[@]}"}'
        '--dry-run[Print the trials, what they change, their identities and which exist; write nothing.]'
        '--expand[Print a bnexp run line for each trial that the results file lacks, for sh, xargs or GNU parallel.]'
        '--keep-going[Whether the other trials are still run after one has failed.]'
        '--fail-fast[Whether the other trials are still run after one has failed.]'
        '--allow-faults[Let trials have training.inject_fault, with which they train by wrong gradients.]'
        '--task[Run the trials of one of --tasks tasks only, counted from 0, in a results file of its own, which is copied to --collect.]:I:'
        '--tasks[How many tasks the sweep is divided into.]:K:'
        '--collect[The folder, which all machines see, where the tasks of a divided sweep collect their results.]:DIR:_files -/'
        '--collect-every[Minutes between copies while a task runs; default is 10.]:MINUTES:'
        '--scratch[The folder on this machine'\''s own disk where a task works; default is $SLURM_TMPDIR, $TMPDIR, else /tmp.]:DIR:_files -/'
        '--merge[Merge what the tasks have collected in --collect into the results file; run nothing.]'
        '--slurm[Print a job script that runs what is left of the sweep on a Slurm cluster\: bnexp sweep ... --slurm | sbatch.]'
        '--trials-per-task[Trials in a task of the job array, one after the other or --jobs at a time; default is --jobs, else 1.]:K:'
        '--array-throttle[The most tasks that run at the same time.]:N:'
        '--time[Time limit of a task, as sbatch takes it\: 30 is minutes, 2\:00\:00, 1-12.]:T:'
        '*--sbatch[A further option of sbatch, such as --sbatch --partition=short. May repeat.]:OPTION:'
        '--progress[How to show progress\: auto, plain, json or none.]:progress:{__bnexp_complete "${___progress[@]}"}'
        '--json[With --dry-run, print JSON.]'
        '(--quiet -q)'{--quiet,-q}'[Print errors only.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_sweep_status() {
    local -i ret=1
    local -ar arg_specs=(
        ':file:_files -g '\''*.json'\'''
        '*--axis[Vary a key of the config; every combination of several is a trial, the last one varying fastest.]:key.path=A,B,C:{__bnexp_custom_complete ---completion sweep status -- --axis "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--seeds[Run every trial with each of these seeds, such as 1..3 or 1,2,5.]:seeds:'
        '*--set[Set one key of the base config, for all trials. May repeat.]:key.path=VALUE:{__bnexp_custom_complete ---completion sweep status -- --set "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--tag[A tag for every run. May repeat.]:tag:{__bnexp_custom_complete ---completion sweep status -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--collect[The folder, which all machines see, where the tasks of a divided sweep collect their results.]:DIR:_files -/'
        '--columns[Print these columns only, in this order.]:NAME,...:'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--watch[Print again every so many seconds, by default 2, until interrupted.]:seconds:'
        '--all[List every trial, not only those that need a look.]'
        '--json[Print JSON\: every trial.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_sweep_list() {
    local -i ret=1
    local -ar arg_specs=(
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_sweep_show() {
    local -i ret=1
    local -ar arg_specs=(
        ':sweep:{__bnexp_custom_complete ---completion sweep show -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--definition[Print the sweep as it was asked for, JSON\: the sweep file with the base config in it.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON\: one object with a list for each part.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_sweep_delete() {
    local -i ret=1
    local -ar arg_specs=(
        ':sweep:{__bnexp_custom_complete ---completion sweep delete -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--dry-run[Print how many rows of each table would be deleted, and delete nothing.]'
        '--yes[Delete all runs of the file, where conditions or a sweep choose all of them.]'
        '--vacuum[Shrink the file afterwards, which needs as much free space as the file has.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_list() {
    local -i ret=1
    local -ar ___status=('running' 'finished' 'diverged' 'interrupted' 'failed' 'lost')
    local -ar arg_specs=(
        '*:runs:{__bnexp_custom_complete ---completion list -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--status[Only runs of this status; may repeat, for any of them.]:status:{__bnexp_complete "${___status[@]}"}'
        '*--tag[Only runs with this tag; may repeat, for all of them.]:tag:{__bnexp_custom_complete ---completion list -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Only runs whose name matches a pattern with *, ? and \[...\].]:glob:{__bnexp_custom_complete ---completion list -- --name "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--where[Only runs whose config has this value; may repeat, for all of them.]:key.path=VALUE:{__bnexp_custom_complete ---completion list -- --where "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--since[Only runs that began then or later\: a date, a date and a time (UTC unless it ends in +01\:00), today, yesterday, or how long ago, such as 12h or 7d.]:when:'
        '--sweep[Only runs of this sweep\: an id, the beginning of a uuid, a name, latest, or the sweep file.]:sweep:{__bnexp_custom_complete ---completion list -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--sort[Order by a column or a config key, the smallest first, runs without it last.]:KEY:'
        '--reverse[With --sort\: the largest first.]'
        '--columns[What to list in place of the usual columns; commas separate keys too.]:KEY:'
        '--group[A row for each config and what tells it apart, over its seeds\: mean ± standard deviation (ddof 1).]'
        '--limit[How many runs are shown, the newest or with --sort the first; --json prints all.]:limit:'
        '--watch[Print again every so many seconds, by default 2, until interrupted.]:seconds:'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_show() {
    local -i ret=1
    local -ar arg_specs=(
        ':run:{__bnexp_custom_complete ---completion show -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--watch[Print again every so many seconds, by default 2, until interrupted.]:seconds:'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--config[Print the resolved config, JSON, as bnexp run takes it.]'
        '--json[Print JSON\: one object with a list for each part.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_compare() {
    local -i ret=1
    local -ar ___status=('running' 'finished' 'diverged' 'interrupted' 'failed' 'lost')
    local -ar ___format=('text' 'json' 'markdown' 'latex' 'csv')
    local -ar arg_specs=(
        '*:runs:{__bnexp_custom_complete ---completion compare -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--status[Only runs of this status; may repeat, for any of them.]:status:{__bnexp_complete "${___status[@]}"}'
        '*--tag[Only runs with this tag; may repeat, for all of them.]:tag:{__bnexp_custom_complete ---completion compare -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Only runs whose name matches a pattern with *, ? and \[...\].]:glob:{__bnexp_custom_complete ---completion compare -- --name "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--where[Only runs whose config has this value; may repeat, for all of them.]:key.path=VALUE:{__bnexp_custom_complete ---completion compare -- --where "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--since[Only runs that began then or later\: a date, a date and a time (UTC unless it ends in +01\:00), today, yesterday, or how long ago, such as 12h or 7d.]:when:'
        '--sweep[Only runs of this sweep\: an id, the beginning of a uuid, a name, latest, or the sweep file.]:sweep:{__bnexp_custom_complete ---completion compare -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--group-by-seed[One column for each config, over its seeds.]'
        '--metric[With --sweep\: a numeric column of the view sweep_summary; default is the final test accuracy, of regressions the test loss.]:metric:'
        '*--by[With --sweep\: only the table of this axis; twice, of two axes.]:AXIS:'
        '--columns[Print these columns only, in this order.]:NAME,...:'
        '--side-by-side[A column for each run, also where runs differ in nothing but the seed.]'
        '--format[The form of the tables\: text, json, markdown, latex (with booktabs) or csv.]:format:{__bnexp_complete "${___format[@]}"}'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON, as --format json does.]'
        '--show-sql[Print the SQL of the results after the table.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_plot() {
    local -i ret=1
    local -ar ___status=('running' 'finished' 'diverged' 'interrupted' 'failed' 'lost')
    local -ar ___metric=('loss' 'accuracy' 'gradient_norm' 'learning_rate' 'evaluation_loss' 'train_loss' 'validation_loss' 'test_loss' 'evaluation_accuracy' 'train_accuracy' 'validation_accuracy' 'test_accuracy' 'activation_mean' 'activation_standard_deviation' 'activation_gradient_norm' 'saturated_fraction' 'dead_unit_fraction' 'activation_percentile' 'weight_gradient_norm' 'weight_norm' 'update_ratio' 'angular_update' 'mean_gap' 'variance_gap' 'gamma' 'beta' 'orthogonality_gap' 'histogram' 'hessian_eigenvalue' 'hessian_trace' 'hessian_smallest_eigenvalue' 'gradient_noise_scale' 'layer_gradient_noise_scale' 'within_class_variability' 'self_duality' 'perturbed_accuracy' 'perturbed_loss' 'last_step' 'first_loss' 'final_loss' 'train_accuracy' 'best_train_accuracy' 'train_loss' 'best_train_loss' 'validation_accuracy' 'best_validation_accuracy' 'validation_loss' 'best_validation_loss' 'test_accuracy' 'best_test_accuracy' 'test_loss' 'best_test_loss' 'test_accuracy_at_best_validation' 'test_loss_at_best_validation' 'train_seconds')
    local -ar ___by=('layer' 'metric' 'variant')
    local -ar ___split=('train' 'validation' 'test')
    local -ar ___y_max=('all')
    local -ar arg_specs=(
        '*:runs:{__bnexp_custom_complete ---completion plot -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--status[Only runs of this status; may repeat, for any of them.]:status:{__bnexp_complete "${___status[@]}"}'
        '*--tag[Only runs with this tag; may repeat, for all of them.]:tag:{__bnexp_custom_complete ---completion plot -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Only runs whose name matches a pattern with *, ? and \[...\].]:glob:{__bnexp_custom_complete ---completion plot -- --name "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--where[Only runs whose config has this value; may repeat, for all of them.]:key.path=VALUE:{__bnexp_custom_complete ---completion plot -- --where "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--since[Only runs that began then or later\: a date, a date and a time (UTC unless it ends in +01\:00), today, yesterday, or how long ago, such as 12h or 7d.]:when:'
        '--sweep[Only runs of this sweep\: an id, the beginning of a uuid, a name, latest, or the sweep file.]:sweep:{__bnexp_custom_complete ---completion plot -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--metric[A metric to draw; default is evaluation_accuracy, of regressions evaluation_loss. May repeat.]:metric:{__bnexp_complete "${___metric[@]}"}'
        '*--layer[A layer to draw of what layers have, from 0; default is all. May repeat.]:layer:'
        '--by[What panels differ in\: layer, metric or variant; of a sweep one of its axes, or layer.]:axis:{__bnexp_complete "${___by[@]}"}'
        '--split[The split of the evaluation metrics; default is test.]:split:{__bnexp_complete "${___split[@]}"}'
        '--sql[Draw the rows of a SELECT; - reads it from standard input.]:statement:'
        '--x[What stands along x\: step, epoch or seconds, or an axis of the sweep by its name or the last part of it.]:axis:'
        '--y[A second axis, for a heat map.]:axis:'
        '--heat-map[Draw a heat map of coloured cells.]'
        '--log-x[Make the x axis logarithmic; default for an axis of a sweep of positive numbers over two decades.]'
        '--no-log-x[Make the x axis logarithmic; default for an axis of a sweep of positive numbers over two decades.]'
        '(--log-y --log)'{--log-y,--log}'[Make the y axis logarithmic.]'
        '--log-color[Make the colours of a heat map logarithmic.]'
        '--title[The title of the figure.]:title:'
        '--x-label[The label of the x axis.]:text:'
        '--y-label[The label of the y axis.]:text:'
        '--value-label[The label of the colours of a heat map.]:text:'
        '(--output -o)'{--output,-o}'[The file to write, which ends with .svg, .pdf or .png; - is SVG on standard output.]:file:_files -g '\''*.svg *.pdf *.png'\'''
        '--svg[Print SVG.]'
        '--width[The width in columns of the terminal; default is all of them.]:width:'
        '--height[The height of each chart in lines of the terminal; default is 20.]:height:'
        '--y-min[Where y axes begin.]:y:'
        '--y-max[Where y axes end; all for room for every value, also one that flattens the others.]:y|all:{__bnexp_complete "${___y_max[@]}"}'
        '--color-min[The value of the darkest colour of heat maps.]:value:'
        '--color-max[The value of the lightest colour of heat maps.]:value:'
        '--shared[Give all panels the same axes, or the same scale of colours.]'
        '*--color[The colour of a line by its name in the legend\: 1 to 7 of the palette, or #RRGGBB. May repeat.]:name=colour:'
        '--grey[Give lines dashes and markers too, for prints without colours.]'
        '--size[The size of the file'\''s figure in mm.]:width x height, 89x60:'
        '--font-size[The size of letters in pt, with which lines grow; default is 8.]:pt:'
        '--dpi[The pixels of an inch of a PNG file; default is 300.]:dots:'
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--watch[Print again every so many seconds, by default 2, until interrupted.]:seconds:'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_report() {
    local -i ret=1
    local -ar ___status=('running' 'finished' 'diverged' 'interrupted' 'failed' 'lost')
    local -ar arg_specs=(
        '*:runs:{__bnexp_custom_complete ---completion report -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--status[Only runs of this status; may repeat, for any of them.]:status:{__bnexp_complete "${___status[@]}"}'
        '*--tag[Only runs with this tag; may repeat, for all of them.]:tag:{__bnexp_custom_complete ---completion report -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Only runs whose name matches a pattern with *, ? and \[...\].]:glob:{__bnexp_custom_complete ---completion report -- --name "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--where[Only runs whose config has this value; may repeat, for all of them.]:key.path=VALUE:{__bnexp_custom_complete ---completion report -- --where "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--since[Only runs that began then or later\: a date, a date and a time (UTC unless it ends in +01\:00), today, yesterday, or how long ago, such as 12h or 7d.]:when:'
        '--sweep[Only runs of this sweep\: an id, the beginning of a uuid, a name, latest, or the sweep file.]:sweep:{__bnexp_custom_complete ---completion report -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '(--output -o)'{--output,-o}'[The HTML file to write; default is report.html, - is standard output.]:file.html:_files -g '\''*.html'\'''
        '--title[The title of the page.]:title:'
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_serve() {
    local -i ret=1
    local -ar ___status=('running' 'finished' 'diverged' 'interrupted' 'failed' 'lost')
    local -ar arg_specs=(
        '*:runs:{__bnexp_custom_complete ---completion serve -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--status[Only runs of this status; may repeat, for any of them.]:status:{__bnexp_complete "${___status[@]}"}'
        '*--tag[Only runs with this tag; may repeat, for all of them.]:tag:{__bnexp_custom_complete ---completion serve -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Only runs whose name matches a pattern with *, ? and \[...\].]:glob:{__bnexp_custom_complete ---completion serve -- --name "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--where[Only runs whose config has this value; may repeat, for all of them.]:key.path=VALUE:{__bnexp_custom_complete ---completion serve -- --where "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--since[Only runs that began then or later\: a date, a date and a time (UTC unless it ends in +01\:00), today, yesterday, or how long ago, such as 12h or 7d.]:when:'
        '--sweep[Only runs of this sweep\: an id, the beginning of a uuid, a name, latest, or the sweep file.]:sweep:{__bnexp_custom_complete ---completion serve -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--port[The port of 127.0.0.1 to listen on; default is one that is free.]:port:'
        '--socket[Listen on a socket in place of a port, which only you may open.]:path:_files'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_sql() {
    local -i ret=1
    local -ar arg_specs=(
        ':statement:'
        '--tables[List the tables and views with their columns.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--csv[Print CSV.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_evaluate() {
    local -i ret=1
    local -ar ___split=('train' 'validation' 'test')
    local -ar ___mode=('running' 'batch' 'recomputed')
    local -ar arg_specs=(
        ':run:{__bnexp_custom_complete ---completion evaluate -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--checkpoint[The run'\''s checkpoint\: last (the newest that is intact), best, the number of a step, or a file.]:best|last|STEP|FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--data[The HDF5 file that has the run'\''s data now, if it has moved; other data are refused.]:FILE:_files -g '\''*.h5 *.hdf5'\'''
        '*--split[A split\: train, validation or test; may repeat. Default\: as the run was evaluated.]:split:{__bnexp_complete "${___split[@]}"}'
        '*--mode[A mode\: running, batch or recomputed; may repeat. Default\: as the run was evaluated.]:mode:{__bnexp_complete "${___mode[@]}"}'
        '--batch-size[Rows of an evaluation batch. Default\: as the run was evaluated.]:batch-size:'
        '*--perturb[Also evaluate with perturbed inputs\: an object as evaluation.perturbations has it; may repeat. Default\: as the run was evaluated.]:JSON:'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_interpolate() {
    local -i ret=1
    local -ar ___split=('train' 'validation' 'test')
    local -ar ___mode=('running' 'batch' 'recomputed')
    local -ar ___format=('text' 'json' 'markdown' 'latex' 'csv')
    local -ar arg_specs=(
        ':first:{__bnexp_custom_complete ---completion interpolate -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        ':second:{__bnexp_custom_complete ---completion interpolate -- positional@1 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--points[How many evenly spaced points; 0 and 1 are always among them.]:points:'
        '--from[The smallest alpha.]:alpha:'
        '--to[The largest alpha.]:alpha:'
        '*--split[A split\: train, validation or test; may repeat. Default\: as the first run was evaluated.]:split:{__bnexp_complete "${___split[@]}"}'
        '*--mode[A mode\: running, batch or recomputed; may repeat. Default\: running and recomputed.]:mode:{__bnexp_complete "${___mode[@]}"}'
        '--batch-size[Rows of an evaluation batch. Default\: as the first run was evaluated.]:batch-size:'
        '--data[The HDF5 file that has the runs'\'' data now, if it has moved; other data are refused.]:FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--format[The form of the tables\: text, json, markdown, latex (with booktabs) or csv (the points alone).]:format:{__bnexp_complete "${___format[@]}"}'
        '--json[Print JSON, as --format json does.]'
        '--chart[Draw the losses in the terminal in place of the points.]'
        '(--output -o)'{--output,-o}'[Also draw the losses as an SVG file; - is standard output.]:FILE.svg:_files -g '\''*.svg'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_dump() {
    local -i ret=1
    local -ar arg_specs=(
        ':run:{__bnexp_custom_complete ---completion dump -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--checkpoint[The run'\''s checkpoint\: last (the newest that is intact), best, the number of a step, or a file.]:best|last|STEP|FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--data[The HDF5 file that has the run'\''s data now, if it has moved; other data are refused.]:FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--step[The number of finished updates; 0 is the network at initialization.]:step:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_export() {
    local -i ret=1
    local -ar ___status=('running' 'finished' 'diverged' 'interrupted' 'failed' 'lost')
    local -ar ___format=('csv' 'jsonl' 'tensorboard')
    local -ar arg_specs=(
        '*:runs:{__bnexp_custom_complete ---completion export -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--status[Only runs of this status; may repeat, for any of them.]:status:{__bnexp_complete "${___status[@]}"}'
        '*--tag[Only runs with this tag; may repeat, for all of them.]:tag:{__bnexp_custom_complete ---completion export -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Only runs whose name matches a pattern with *, ? and \[...\].]:glob:{__bnexp_custom_complete ---completion export -- --name "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--where[Only runs whose config has this value; may repeat, for all of them.]:key.path=VALUE:{__bnexp_custom_complete ---completion export -- --where "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--since[Only runs that began then or later\: a date, a date and a time (UTC unless it ends in +01\:00), today, yesterday, or how long ago, such as 12h or 7d.]:when:'
        '--sweep[Only runs of this sweep\: an id, the beginning of a uuid, a name, latest, or the sweep file.]:sweep:{__bnexp_custom_complete ---completion export -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '(--output -o)'{--output,-o}'[A folder, which is created if it is missing; for a single table a file, or - for standard output.]:path:_files'
        '--format[csv, jsonl or tensorboard.]:format:{__bnexp_complete "${___format[@]}"}'
        '*--table[A table, or a view with a column run_id; default is every table with rows of runs. May repeat.]:table:{__bnexp_custom_complete ---completion export -- --table "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--wide[One wide table for each run.]'
        '--runs[One table\: a row for each run.]'
        '--weights[The file to write the weights of a run'\''s checkpoint to, as safetensors.]:file:_files'
        '--checkpoint[The run'\''s checkpoint\: last (the newest that is intact), best, the number of a step, or a file.]:best|last|STEP|FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--data[The HDF5 file that has the run'\''s data now, if it has moved; other data are refused.]:FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_merge() {
    local -i ret=1
    local -ar arg_specs=(
        '*:files:_files'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_extract() {
    local -i ret=1
    local -ar ___status=('running' 'finished' 'diverged' 'interrupted' 'failed' 'lost')
    local -ar arg_specs=(
        '*:runs:{__bnexp_custom_complete ---completion extract -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--status[Only runs of this status; may repeat, for any of them.]:status:{__bnexp_complete "${___status[@]}"}'
        '*--tag[Only runs with this tag; may repeat, for all of them.]:tag:{__bnexp_custom_complete ---completion extract -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Only runs whose name matches a pattern with *, ? and \[...\].]:glob:{__bnexp_custom_complete ---completion extract -- --name "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--where[Only runs whose config has this value; may repeat, for all of them.]:key.path=VALUE:{__bnexp_custom_complete ---completion extract -- --where "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--since[Only runs that began then or later\: a date, a date and a time (UTC unless it ends in +01\:00), today, yesterday, or how long ago, such as 12h or 7d.]:when:'
        '--sweep[Only runs of this sweep\: an id, the beginning of a uuid, a name, latest, or the sweep file.]:sweep:{__bnexp_custom_complete ---completion extract -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '(--output -o)'{--output,-o}'[The results file to make.]:file:_files'
        '--force[Replace the output if it is a results file that has nothing beyond the one that is copied from.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_backup() {
    local -i ret=1
    local -ar arg_specs=(
        ':file:_files'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_tag() {
    local -i ret=1
    local -ar arg_specs=(
        ':run:{__bnexp_custom_complete ---completion tag -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*:tags:{__bnexp_custom_complete ---completion tag -- positional@1 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--remove[Remove the tags.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_note() {
    local -i ret=1
    local -ar arg_specs=(
        ':run:{__bnexp_custom_complete ---completion note -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        ':text:'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_delete() {
    local -i ret=1
    local -ar ___status=('running' 'finished' 'diverged' 'interrupted' 'failed' 'lost')
    local -ar arg_specs=(
        '*:runs:{__bnexp_custom_complete ---completion delete -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--status[Only runs of this status; may repeat, for any of them.]:status:{__bnexp_complete "${___status[@]}"}'
        '*--tag[Only runs with this tag; may repeat, for all of them.]:tag:{__bnexp_custom_complete ---completion delete -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Only runs whose name matches a pattern with *, ? and \[...\].]:glob:{__bnexp_custom_complete ---completion delete -- --name "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '*--where[Only runs whose config has this value; may repeat, for all of them.]:key.path=VALUE:{__bnexp_custom_complete ---completion delete -- --where "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--since[Only runs that began then or later\: a date, a date and a time (UTC unless it ends in +01\:00), today, yesterday, or how long ago, such as 12h or 7d.]:when:'
        '--sweep[Only runs of this sweep\: an id, the beginning of a uuid, a name, latest, or the sweep file.]:sweep:{__bnexp_custom_complete ---completion delete -- --sweep "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--dry-run[Print how many rows of each table would be deleted, and delete nothing.]'
        '--yes[Delete all runs of the file, where conditions or a sweep choose all of them.]'
        '--vacuum[Shrink the file afterwards, which needs as much free space as the file has.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_reap() {
    local -i ret=1
    local -ar arg_specs=(
        '--heartbeat-age[Seconds without a heartbeat after which a run of another machine is lost; runs beat every 10 s.]:heartbeat-age:'
        '--dry-run[Print the runs that would be marked, and change nothing.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_doctor() {
    local -i ret=1
    local -ar arg_specs=(
        '--quick[Skip the slowest check, which compares indexes with their tables.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_gradcheck() {
    local -i ret=1
    local -ar ___inject_fault=('drop_epsilon' 'drop_mean_term' 'drop_variance_term' 'unbiased_variance' 'forget_gamma' 'gamma_from_sum' 'forget_activation' 'forget_batch_mean' 'bias_from_one_row')
    local -ar arg_specs=(
        ':config:_files -g '\''*.json'\'''
        '*--set[Set one key\: --set optimizer.learning_rate=0.1. May repeat.]:key.path=VALUE:{__bnexp_custom_complete ---completion gradcheck -- --set "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Name of the run; default is the config'\''s.]:name:'
        '--seed[Seed of the run; default is the config'\''s.]:seed:'
        '*--tag[A tag for the run, beside the config'\''s. May repeat.]:tag:{__bnexp_custom_complete ---completion gradcheck -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--samples[Entries of each parameter to compare; smaller parameters are compared whole.]:samples:'
        '--tolerance[The largest norm(analytic - numeric) / norm(numeric) that passes.]:tolerance:'
        '--inject-fault[Make one mistake in the backward pass, to see the check find it\: drop_epsilon, drop_mean_term, drop_variance_term, unbiased_variance, forget_gamma, gamma_from_sum, forget_activation, forget_batch_mean, bias_from_one_row.]:NAME:{__bnexp_complete "${___inject_fault[@]}"}'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_explain() {
    local -i ret=1
    local -ar ___fault=('drop_epsilon' 'drop_mean_term' 'drop_variance_term' 'unbiased_variance' 'forget_gamma' 'gamma_from_sum' 'forget_activation' 'forget_batch_mean' 'bias_from_one_row')
    local -ar arg_specs=(
        ':config|run:{__bnexp_custom_complete ---completion explain -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--step[The number of finished updates; default is 0, the network at initialization.]:step:'
        '--layer[The layer, from 0; default is the first that is batch-normalized.]:layer:'
        '--unit[The unit of the layer, from 0; default is 0.]:unit:'
        '--rows[How many rows of the batch are shown; sums are over all.]:rows:'
        '--fault[Make one mistake in the backward pass and show what becomes of it\: drop_epsilon, drop_mean_term, drop_variance_term, unbiased_variance, forget_gamma, gamma_from_sum, forget_activation, bias_from_one_row.]:NAME:{__bnexp_complete "${___fault[@]}"}'
        '*--set[Set one key of the config. May repeat.]:key.path=VALUE:{__bnexp_custom_complete ---completion explain -- --set "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--epsilon[The example'\''s epsilon; 0 is allowed.]:epsilon:'
        '--gamma[The example'\''s gamma.]:gamma:'
        '--beta[The example'\''s beta.]:beta:'
        '--checkpoint[The run'\''s checkpoint\: last (the newest that is intact), best, the number of a step, or a file.]:best|last|STEP|FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--data[The HDF5 file that has the run'\''s data now, if it has moved; other data are refused.]:FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--json[Print all numbers by their names, as JSON.]'
        '(--output -o)'{--output,-o}'[Write a page to this HTML file; - is standard output.]:file.html:_files -g '\''*.html'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_check() {
    local -i ret=1
    local -ar ___operation=('affine' 'relu' 'affine_relu' 'batchnorm' 'affine_batchnorm_relu' 'layernorm' 'dropout' 'softmax_loss' 'svm_loss' 'sgd' 'sgd_momentum' 'rmsprop' 'adam')
    local -ar arg_specs=(
        ':file:_files -g '\''*.npz *.h5 *.hdf5'\'''
        '--operation[What was computed, where the arrays do not tell.]:operation:{__bnexp_complete "${___operation[@]}"}'
        '--tolerance[The largest relative error |x - y| / max(1e-8, |x| + |y|) that passes; 1e-8 for arrays of float64, 1e-5 for float32, 1e-2 for float16 unless given.]:tolerance:'
        '--json[Print JSON.]'
        '--template[Write the arrays to begin with.]'
        '(--output -o)'{--output,-o}'[The file to write, .npz or .h5; - is HDF5 on standard output.]:output:_files -g '\''*.npz *.h5'\'''
        '--seed[The seed of numpy.random.seed(); 231 gives the notebook'\''s arrays.]:seed:'
        '--results[Write also what is computed of the arrays\: right, or with a known mistake, as drop_mean_term or variance.wrong_axis.]:right|mistake:'
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_time() {
    local -i ret=1
    local -ar ___precision=('float32' 'float64')
    local -ar arg_specs=(
        '--rows[Rows N of the batch.]:rows:'
        '--features[Features D.]:features:'
        '--precision[Type of all values\: float32 or float64.]:precision:{__bnexp_complete "${___precision[@]}"}'
        '--rounds[Rounds, of at least 2 ms each; medians are over them.]:rounds:'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_verify() {
    local -i ret=1
    local -ar arg_specs=(
        ':run:{__bnexp_custom_complete ---completion verify -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--data[The HDF5 file that has the run'\''s data now, if it has moved; other data are refused.]:FILE:_files -g '\''*.h5 *.hdf5'\'''
        '--threads[Threads to compute with; results are the same bits under every number.]:threads:'
        '--db[The results file; default is $BNEXP_DB, else results.sqlite.]:FILE:_files'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_verify-resume() {
    local -i ret=1
    local -ar arg_specs=(
        ':config:_files -g '\''*.json'\'''
        '*--set[Set one key\: --set optimizer.learning_rate=0.1. May repeat.]:key.path=VALUE:{__bnexp_custom_complete ---completion verify-resume -- --set "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Name of the run; default is the config'\''s.]:name:'
        '--seed[Seed of the run; default is the config'\''s.]:seed:'
        '*--tag[A tag for the run, beside the config'\''s. May repeat.]:tag:{__bnexp_custom_complete ---completion verify-resume -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--at[The step to interrupt after; default is half of the run.]:at:'
        '--threads[Threads to compute with.]:threads:'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'inspect:List the datasets, links and attributes of an HDF5 file.'
            'import:Create an HDF5 file from files of another format.'
            'synthesize:Create an HDF5 file of a synthetic problem whose difficulty is known.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        inspect|import|synthesize)
            "_bnexp_data_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_bnexp_data_inspect() {
    local -i ret=1
    local -ar arg_specs=(
        ':file:_files -g '\''*.h5 *.hdf5'\'''
        '--values[Look at the values too\: ranges, means, classes with their counts, what is not finite or constant.]'
        '--preview[Show one row, by default the first, images as pictures.]:dataset\[\:row\]:'
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'csv:Import tables in text with commas or other delimiters.'
            'tsv:Import tables in text with tabs, as csv with --delimiter '\''\t'\''.'
            'npy:Import arrays of NumPy, a file each, as numpy.save writes them.'
            'npz:Import arrays of an npz file, as numpy.savez writes it.'
            'mat:Import arrays of a MATLAB file of version 5, 6 or 7.'
            'svmlight:Import text files in the format of svmlight and LIBSVM.'
            'idx:Import IDX files, the format of MNIST and Fashion-MNIST, plain or compressed with gzip.'
            'cifar10:Import files of the binary version of CIFAR-10.'
            'cifar100:Import files of the binary version of CIFAR-100.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        csv|tsv|npy|npz|mat|svmlight|idx|cifar10|cifar100)
            "_bnexp_data_import_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_bnexp_data_import_csv() {
    local -i ret=1
    local -ar ___header=('yes' 'no' 'auto')
    local -ar ___missing=('drop' 'mean')
    local -ar ___scaling=('none' 'unit' 'min_max' 'standardize' 'center')
    local -ar arg_specs=(
        '*:files:_files'
        '*--target[Column of the target, by name or by number from 1; repeat it for several values. Else one that is called target, label, class, y or species.]:target:'
        '--header[Whether the first row names the columns; auto looks at the first two rows.]:header:{__bnexp_complete "${___header[@]}"}'
        '*--columns[Columns of the inputs, as A,B,C; else all others.]:columns:'
        '*--skip[Columns to leave out, as A,B,C.]:skip:'
        '*--categorical[Columns whose values are names, as A,B,C, also where most or all are numbers.]:categorical:'
        '--missing[Leave out rows in which a value is missing, or put in the mean of the training rows. Missing are empty fields, NA, N/A, #N/A, <NA>, NaN, null, None, ? and -.]:missing:{__bnexp_complete "${___missing[@]}"}'
        '--test[A file of the test split.]:test:_files'
        '--decimal-comma[A comma is the decimal point.]'
        '--delimiter[The sign between fields; else it is found among comma, semicolon, tab and |.]:delimiter:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--test-fraction[Draw this share of the rows, such as 0.2, to be the test split of a source that has none.]:test-fraction:'
        '--stratify[Give both splits the same shares of each class.]'
        '--seed[What the rows of the test split are drawn by.]:seed:'
        '--scaling[Scale inputs, fitted to the training rows, and write them as float32; else training scales them.]:scaling:{__bnexp_complete "${___scaling[@]}"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import_tsv() {
    local -i ret=1
    local -ar ___header=('yes' 'no' 'auto')
    local -ar ___missing=('drop' 'mean')
    local -ar ___scaling=('none' 'unit' 'min_max' 'standardize' 'center')
    local -ar arg_specs=(
        '*:files:_files'
        '*--target[Column of the target, by name or by number from 1; repeat it for several values. Else one that is called target, label, class, y or species.]:target:'
        '--header[Whether the first row names the columns; auto looks at the first two rows.]:header:{__bnexp_complete "${___header[@]}"}'
        '*--columns[Columns of the inputs, as A,B,C; else all others.]:columns:'
        '*--skip[Columns to leave out, as A,B,C.]:skip:'
        '*--categorical[Columns whose values are names, as A,B,C, also where most or all are numbers.]:categorical:'
        '--missing[Leave out rows in which a value is missing, or put in the mean of the training rows. Missing are empty fields, NA, N/A, #N/A, <NA>, NaN, null, None, ? and -.]:missing:{__bnexp_complete "${___missing[@]}"}'
        '--test[A file of the test split.]:test:_files'
        '--decimal-comma[A comma is the decimal point.]'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--test-fraction[Draw this share of the rows, such as 0.2, to be the test split of a source that has none.]:test-fraction:'
        '--stratify[Give both splits the same shares of each class.]'
        '--seed[What the rows of the test split are drawn by.]:seed:'
        '--scaling[Scale inputs, fitted to the training rows, and write them as float32; else training scales them.]:scaling:{__bnexp_complete "${___scaling[@]}"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import_npy() {
    local -i ret=1
    local -ar ___missing=('drop' 'mean')
    local -ar ___scaling=('none' 'unit' 'min_max' 'standardize' 'center')
    local -ar arg_specs=(
        ':inputs:_files -g '\''*.npy'\'''
        '--targets[The npy file of the targets.]:targets:_files -g '\''*.npy'\'''
        '--test[The npy file of the inputs of the test split.]:test:_files -g '\''*.npy'\'''
        '--test-targets[The npy file of its targets.]:test-targets:_files -g '\''*.npy'\'''
        '--missing[Leave out rows in which a value is missing, which is NaN, or put in the mean of the training rows; else it is an error.]:missing:{__bnexp_complete "${___missing[@]}"}'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--test-fraction[Draw this share of the rows, such as 0.2, to be the test split of a source that has none.]:test-fraction:'
        '--stratify[Give both splits the same shares of each class.]'
        '--seed[What the rows of the test split are drawn by.]:seed:'
        '--scaling[Scale inputs, fitted to the training rows, and write them as float32; else training scales them.]:scaling:{__bnexp_complete "${___scaling[@]}"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import_npz() {
    local -i ret=1
    local -ar ___missing=('drop' 'mean')
    local -ar ___scaling=('none' 'unit' 'min_max' 'standardize' 'center')
    local -ar arg_specs=(
        ':file:_files -g '\''*.npz'\'''
        '--inputs[The name of the array of the inputs.]:inputs:'
        '--target[The name of the array of the targets.]:target:'
        '--test-inputs[The name of the array of the inputs of the test split.]:test-inputs:'
        '--test-target[The name of the array of its targets.]:test-target:'
        '--missing[Leave out rows in which a value is missing, which is NaN, or put in the mean of the training rows; else it is an error.]:missing:{__bnexp_complete "${___missing[@]}"}'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--test-fraction[Draw this share of the rows, such as 0.2, to be the test split of a source that has none.]:test-fraction:'
        '--stratify[Give both splits the same shares of each class.]'
        '--seed[What the rows of the test split are drawn by.]:seed:'
        '--scaling[Scale inputs, fitted to the training rows, and write them as float32; else training scales them.]:scaling:{__bnexp_complete "${___scaling[@]}"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import_mat() {
    local -i ret=1
    local -ar ___examples=('first' 'last')
    local -ar ___missing=('drop' 'mean')
    local -ar ___scaling=('none' 'unit' 'min_max' 'standardize' 'center')
    local -ar arg_specs=(
        ':file:_files -g '\''*.mat'\'''
        '--inputs[The name of the array of the inputs.]:inputs:'
        '--target[The name of the array of the targets.]:target:'
        '--test-inputs[The name of the array of the inputs of the test split.]:test-inputs:'
        '--test-target[The name of the array of its targets.]:test-target:'
        '--examples[Which dimension of the inputs counts the examples, if the number of targets does not tell.]:examples:{__bnexp_complete "${___examples[@]}"}'
        '--missing[Leave out rows in which a value is missing, which is NaN, or put in the mean of the training rows; else it is an error.]:missing:{__bnexp_complete "${___missing[@]}"}'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--test-fraction[Draw this share of the rows, such as 0.2, to be the test split of a source that has none.]:test-fraction:'
        '--stratify[Give both splits the same shares of each class.]'
        '--seed[What the rows of the test split are drawn by.]:seed:'
        '--scaling[Scale inputs, fitted to the training rows, and write them as float32; else training scales them.]:scaling:{__bnexp_complete "${___scaling[@]}"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import_svmlight() {
    local -i ret=1
    local -ar ___scaling=('none' 'unit' 'min_max' 'standardize' 'center')
    local -ar arg_specs=(
        ':file:_files'
        '--test[A file of test rows.]:test:_files'
        '--features[The number of features; without it, the largest index.]:features:'
        '--zero-based[Count indexes from 0, also where 0 does not occur.]'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--test-fraction[Draw this share of the rows, such as 0.2, to be the test split of a source that has none.]:test-fraction:'
        '--stratify[Give both splits the same shares of each class.]'
        '--seed[What the rows of the test split are drawn by.]:seed:'
        '--scaling[Scale inputs, fitted to the training rows, and write them as float32; else training scales them.]:scaling:{__bnexp_complete "${___scaling[@]}"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import_idx() {
    local -i ret=1
    local -ar arg_specs=(
        '--train-images[IDX file of the training images.]:train-images:_files'
        '--train-labels[IDX file of the training labels.]:train-labels:_files'
        '--test-images[IDX file of the test images.]:test-images:_files'
        '--test-labels[IDX file of the test labels.]:test-labels:_files'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import_cifar10() {
    local -i ret=1
    local -ar arg_specs=(
        '--train[Files of training records, data_batch_1.bin to data_batch_5.bin.]:train:_files'
        '--test[Files of test records, test_batch.bin.]:test:_files'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_import_cifar100() {
    local -i ret=1
    local -ar ___labels=('fine' 'coarse')
    local -ar ___scaling=('none' 'unit' 'min_max' 'standardize' 'center')
    local -ar arg_specs=(
        '--train[Files of training records, train.bin.]:train:_files'
        '--test[Files of test records, test.bin.]:test:_files'
        '--labels[Which of the two labels of a record.]:labels:{__bnexp_complete "${___labels[@]}"}'
        '--names[The names of the classes, a line each\: fine_label_names.txt.]:names:_files'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--test-fraction[Draw this share of the rows, such as 0.2, to be the test split of a source that has none.]:test-fraction:'
        '--stratify[Give both splits the same shares of each class.]'
        '--seed[What the rows of the test split are drawn by.]:seed:'
        '--scaling[Scale inputs, fitted to the training rows, and write them as float32; else training scales them.]:scaling:{__bnexp_complete "${___scaling[@]}"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_synthesize() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'blobs:Gaussian clusters, one a class.'
            'spirals:Interleaved arms of a spiral in the plane, one a class.'
            'moons:Two half circles that interlock, one a class.'
            'circles:Circles around the origin, one a class.'
            'parity:Whether an odd number of bits is 1; --bits 2 is XOR.'
            'teacher:What a random multilayer perceptron says of normal inputs.'
            'gaussian:Correlated normal inputs of a given condition number, with a linear target.'
            'degenerate:Columns and rows that are hard on batch normalization.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        blobs|spirals|moons|circles|parity|teacher|gaussian|degenerate)
            "_bnexp_data_synthesize_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_bnexp_data_synthesize_blobs() {
    local -i ret=1
    local -ar arg_specs=(
        '--features[Features of a row.]:features:'
        '--classes[Classes.]:classes:'
        '--separation[The root mean square distance of two centres.]:separation:'
        '--noise[The standard deviation of each feature around its centre.]:noise:'
        '--rows[Training rows.]:rows:'
        '--test-rows[Test rows; 0 for no test split.]:test-rows:'
        '--seed[The seed of all random numbers.]:seed:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_synthesize_spirals() {
    local -i ret=1
    local -ar arg_specs=(
        '--classes[Arms.]:classes:'
        '--turns[Turns of each arm.]:turns:'
        '--noise[The standard deviation around the arms, which reach out to 1.]:noise:'
        '--rows[Training rows.]:rows:'
        '--test-rows[Test rows; 0 for no test split.]:test-rows:'
        '--seed[The seed of all random numbers.]:seed:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_synthesize_moons() {
    local -i ret=1
    local -ar arg_specs=(
        '--noise[The standard deviation around the half circles, whose radius is 1.]:noise:'
        '--rows[Training rows.]:rows:'
        '--test-rows[Test rows; 0 for no test split.]:test-rows:'
        '--seed[The seed of all random numbers.]:seed:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_synthesize_circles() {
    local -i ret=1
    local -ar arg_specs=(
        '--classes[Circles.]:classes:'
        '--noise[The standard deviation around the circles, the largest of which has the radius 1.]:noise:'
        '--rows[Training rows.]:rows:'
        '--test-rows[Test rows; 0 for no test split.]:test-rows:'
        '--seed[The seed of all random numbers.]:seed:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_synthesize_parity() {
    local -i ret=1
    local -ar arg_specs=(
        '--features[Features of a row\: the bits, as -1 and +1, then distractors.]:features:'
        '--bits[Bits that count.]:bits:'
        '--noise[The standard deviation around -1 and +1.]:noise:'
        '--rows[Training rows.]:rows:'
        '--test-rows[Test rows; 0 for no test split.]:test-rows:'
        '--seed[The seed of all random numbers.]:seed:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_synthesize_teacher() {
    local -i ret=1
    local -ar arg_specs=(
        '--features[Features of a row.]:features:'
        '--classes[Classes, of which the teacher'\''s largest output is the label; with --values its outputs.]:classes:'
        '--values[Store the teacher'\''s outputs themselves, for mean_squared_error.]'
        '--width[Units of each of the teacher'\''s hidden layers.]:width:'
        '--depth[Hidden layers of the teacher; 0 for a linear one.]:depth:'
        '--noise[The standard deviation of what is added to the outputs, whose own is 1.]:noise:'
        '--rows[Training rows.]:rows:'
        '--test-rows[Test rows; 0 for no test split.]:test-rows:'
        '--seed[The seed of all random numbers.]:seed:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_synthesize_gaussian() {
    local -i ret=1
    local -ar arg_specs=(
        '--features[Features of a row.]:features:'
        '--condition[The condition number of the covariance of the inputs.]:condition:'
        '--mean[The mean of every feature.]:mean:'
        '--noise[The standard deviation of what is added to the target, whose own is 1.]:noise:'
        '--rows[Training rows.]:rows:'
        '--test-rows[Test rows; 0 for no test split.]:test-rows:'
        '--seed[The seed of all random numbers.]:seed:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_data_synthesize_degenerate() {
    local -i ret=1
    local -ar arg_specs=(
        '--rows[Training rows.]:rows:'
        '--test-rows[Test rows; 0 for no test split.]:test-rows:'
        '--seed[The seed of all random numbers.]:seed:'
        '(--output -o)'{--output,-o}'[The HDF5 file to write; - is standard output.]:output:_files -g '\''*.h5 *.hdf5'\'''
        '--force[Replace the output if it exists; never a results file, data in use, a config or a checkpoint.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_config() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'show:Print the resolved config: merged, checked, every default filled in.'
            'explain:Say what a config key means: values, default, the keys it depends on; or list keys.'
            'schema:Print the JSON Schema (2020-12) of configs, for editors; or the table of keys in docs/config.md.'
            'diff:List the keys in which two configs differ, both merged and with every default filled in; names are left out.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        show|explain|schema|diff)
            "_bnexp_config_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_bnexp_config_show() {
    local -i ret=1
    local -ar arg_specs=(
        ':config:_files -g '\''*.json'\'''
        '*--set[Set one key\: --set optimizer.learning_rate=0.1. May repeat.]:key.path=VALUE:{__bnexp_custom_complete ---completion config show -- --set "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--name[Name of the run; default is the config'\''s.]:name:'
        '--seed[Seed of the run; default is the config'\''s.]:seed:'
        '*--tag[A tag for the run, beside the config'\''s. May repeat.]:tag:{__bnexp_custom_complete ---completion config show -- --tag "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_config_explain() {
    local -i ret=1
    local -ar arg_specs=(
        ':key:{__bnexp_custom_complete ---completion config explain -- positional@0 "${current_word_index}" "$(__bnexp_cursor_index_in_current_word)"}'
        '--json[Print JSON, a row for each key.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_config_schema() {
    local -i ret=1
    local -ar arg_specs=(
        '--table[Print a Markdown table instead.]'
        '--sweep[Print the schema of sweep files instead.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_config_diff() {
    local -i ret=1
    local -ar arg_specs=(
        ':a:_files -g '\''*.json'\'''
        ':b:_files -g '\''*.json'\'''
        '--json[Print JSON.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_bnexp_help() {
    local -i ret=1
    local -ar arg_specs=(
        '*:subcommands:'
        '--version[Show the version.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

# A value follows a key at once, without a space. In place of the function above.
__bnexp_complete() {
    local -ar keys=("${(M)@:#*=}") words_alone=("${@:#(*=|)}")
    _describe -V '' words_alone -- keys -S ''
}

if [[ "${funcstack[1]}" = _bnexp ]]; then
    _bnexp "${@}"
else
    compdef _bnexp bnexp
fi
