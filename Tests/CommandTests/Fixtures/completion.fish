function __bnexp_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __bnexp_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __bnexp_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __bnexp_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __bnexp_parse_tokens -S
    set -l unparsed_tokens (__bnexp_tokens -pc)
    switch $unparsed_tokens[1]
    case 'bnexp'
        __bnexp_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'run'
            __bnexp_parse_subcommand 1 'set=+' 'name=' 'seed=' 'tag=+' 'db=' 'threads=' 'inputs=' 'if-exists=' 'extend=' 'allow-divergence' 'shard=' 'sweep=' 'trial=' 'dry-run' 'progress=' 'profile' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'sweep'
            __bnexp_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'run'
                __bnexp_parse_subcommand 1 'set=+' 'tag=+' 'db=' 'shard=' 'jobs=' 'threads=' 'index=' 'if-exists=' 'dry-run' 'expand' 'keep-going' 'fail-fast' 'slurm' 'trials-per-task=' 'array-throttle=' 'time=' 'sbatch=+' 'progress=' 'json' 'q/quiet' 'version' 'h/help'
            case 'status'
                __bnexp_parse_subcommand 1 'set=+' 'tag=+' 'db=' 'watch=' 'all' 'json' 'version' 'h/help'
            end
        case 'list'
            __bnexp_parse_subcommand 0 'status=+' 'tag=+' 'name=' 'where=+' 'limit=' 'watch=' 'db=' 'json' 'version' 'h/help'
        case 'show'
            __bnexp_parse_subcommand 1 'watch=' 'db=' 'json' 'version' 'h/help'
        case 'compare'
            __bnexp_parse_subcommand -r 1 'group-by-seed' 'sweep=' 'metric=' 'by=+' 'db=' 'json' 'show-sql' 'version' 'h/help'
        case 'plot'
            __bnexp_parse_subcommand -r 1 'metric=' 'split=' 'sql=' 'sweep=' 'x=' 'y=' 'heat-map' 'log-x' 'log-y' 'log-color' 'title=' 'x-label=' 'y-label=' 'o/output=' 'svg' 'width=' 'height=' 'force' 'db=' 'version' 'h/help'
        case 'sql'
            __bnexp_parse_subcommand 1 'db=' 'json' 'csv' 'version' 'h/help'
        case 'evaluate'
            __bnexp_parse_subcommand 1 'checkpoint=' 'data=' 'split=+' 'mode=+' 'batch-size=' 'db=' 'json' 'version' 'h/help'
        case 'dump'
            __bnexp_parse_subcommand 1 'checkpoint=' 'data=' 'step=' 'o/output=' 'force' 'db=' 'version' 'h/help'
        case 'export'
            __bnexp_parse_subcommand -r 1 'o/output=' 'format=' 'table=+' 'wide' 'force' 'db=' 'version' 'h/help'
        case 'merge'
            __bnexp_parse_subcommand -r 1 'db=' 'json' 'version' 'h/help'
        case 'backup'
            __bnexp_parse_subcommand 1 'db=' 'version' 'h/help'
        case 'tag'
            __bnexp_parse_subcommand -r 2 'remove' 'db=' 'json' 'version' 'h/help'
        case 'note'
            __bnexp_parse_subcommand 2 'db=' 'json' 'version' 'h/help'
        case 'delete'
            __bnexp_parse_subcommand -r 1 'dry-run' 'vacuum' 'db=' 'json' 'version' 'h/help'
        case 'reap'
            __bnexp_parse_subcommand 0 'heartbeat-age=' 'dry-run' 'db=' 'json' 'version' 'h/help'
        case 'doctor'
            __bnexp_parse_subcommand 0 'quick' 'db=' 'json' 'version' 'h/help'
        case 'gradcheck'
            __bnexp_parse_subcommand 1 'set=+' 'name=' 'seed=' 'tag=+' 'samples=' 'tolerance=' 'inject-fault=' 'json' 'version' 'h/help'
        case 'verify'
            __bnexp_parse_subcommand 1 'data=' 'threads=' 'db=' 'json' 'version' 'h/help'
        case 'verify-resume'
            __bnexp_parse_subcommand 1 'set=+' 'name=' 'seed=' 'tag=+' 'at=' 'threads=' 'json' 'version' 'h/help'
        case 'data'
            __bnexp_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'inspect'
                __bnexp_parse_subcommand 1 'values' 'preview=' 'json' 'version' 'h/help'
            case 'import'
                __bnexp_parse_subcommand 0 'version' 'h/help'
                switch $unparsed_tokens[1]
                case 'csv'
                    __bnexp_parse_subcommand -r 1 'target=+' 'no-header' 'columns=+' 'skip=+' 'missing=' 'test=' 'decimal-comma' 'delimiter=' 'o/output=' 'force' 'test-fraction=' 'stratify' 'seed=' 'scaling=' 'version' 'h/help'
                case 'tsv'
                    __bnexp_parse_subcommand -r 1 'target=+' 'no-header' 'columns=+' 'skip=+' 'missing=' 'test=' 'decimal-comma' 'o/output=' 'force' 'test-fraction=' 'stratify' 'seed=' 'scaling=' 'version' 'h/help'
                case 'npy'
                    __bnexp_parse_subcommand 1 'targets=' 'test=' 'test-targets=' 'o/output=' 'force' 'test-fraction=' 'stratify' 'seed=' 'scaling=' 'version' 'h/help'
                case 'npz'
                    __bnexp_parse_subcommand 1 'inputs=' 'target=' 'test-inputs=' 'test-target=' 'o/output=' 'force' 'test-fraction=' 'stratify' 'seed=' 'scaling=' 'version' 'h/help'
                case 'mat'
                    __bnexp_parse_subcommand 1 'inputs=' 'target=' 'test-inputs=' 'test-target=' 'o/output=' 'force' 'test-fraction=' 'stratify' 'seed=' 'scaling=' 'version' 'h/help'
                case 'svmlight'
                    __bnexp_parse_subcommand 1 'test=' 'features=' 'zero-based' 'o/output=' 'force' 'test-fraction=' 'stratify' 'seed=' 'scaling=' 'version' 'h/help'
                case 'idx'
                    __bnexp_parse_subcommand 0 'train-images=' 'train-labels=' 'test-images=' 'test-labels=' 'o/output=' 'force' 'version' 'h/help'
                case 'cifar10'
                    __bnexp_parse_subcommand 0 'train=+' 'test=+' 'o/output=' 'force' 'version' 'h/help'
                case 'cifar100'
                    __bnexp_parse_subcommand 0 'train=+' 'test=+' 'labels=' 'names=' 'o/output=' 'force' 'test-fraction=' 'stratify' 'seed=' 'scaling=' 'version' 'h/help'
                end
            case 'synthesize'
                __bnexp_parse_subcommand 0 'version' 'h/help'
                switch $unparsed_tokens[1]
                case 'blobs'
                    __bnexp_parse_subcommand 0 'features=' 'classes=' 'separation=' 'noise=' 'rows=' 'test-rows=' 'seed=' 'o/output=' 'force' 'version' 'h/help'
                case 'spirals'
                    __bnexp_parse_subcommand 0 'classes=' 'turns=' 'noise=' 'rows=' 'test-rows=' 'seed=' 'o/output=' 'force' 'version' 'h/help'
                case 'moons'
                    __bnexp_parse_subcommand 0 'noise=' 'rows=' 'test-rows=' 'seed=' 'o/output=' 'force' 'version' 'h/help'
                case 'circles'
                    __bnexp_parse_subcommand 0 'classes=' 'noise=' 'rows=' 'test-rows=' 'seed=' 'o/output=' 'force' 'version' 'h/help'
                case 'parity'
                    __bnexp_parse_subcommand 0 'features=' 'bits=' 'noise=' 'rows=' 'test-rows=' 'seed=' 'o/output=' 'force' 'version' 'h/help'
                case 'teacher'
                    __bnexp_parse_subcommand 0 'features=' 'classes=' 'values' 'width=' 'depth=' 'noise=' 'rows=' 'test-rows=' 'seed=' 'o/output=' 'force' 'version' 'h/help'
                case 'gaussian'
                    __bnexp_parse_subcommand 0 'features=' 'condition=' 'mean=' 'noise=' 'rows=' 'test-rows=' 'seed=' 'o/output=' 'force' 'version' 'h/help'
                case 'degenerate'
                    __bnexp_parse_subcommand 0 'rows=' 'test-rows=' 'seed=' 'o/output=' 'force' 'version' 'h/help'
                end
            end
        case 'config'
            __bnexp_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'show'
                __bnexp_parse_subcommand 1 'set=+' 'name=' 'seed=' 'tag=+' 'version' 'h/help'
            case 'schema'
                __bnexp_parse_subcommand 0 'table' 'sweep' 'version' 'h/help'
            case 'diff'
                __bnexp_parse_subcommand 2 'json' 'version' 'h/help'
            end
        case 'help'
            __bnexp_parse_subcommand -r 1 'version'
        end
    end
end

function __bnexp_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __bnexp_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __bnexp_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __bnexp_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__bnexp_tokens -p)
    if test -z "$(__bnexp_tokens -t)"
        set -l index (count (__bnexp_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens 2>/dev/null
end

complete -c 'bnexp' -f
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'run' -d 'Train a network as a config says, and record everything in the results file.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'sweep' -d 'Run the trials that a sweep file asks for, several at a time; or print them.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'list' -d 'List the runs of the results file, the newest last.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'show' -d 'Show one run: its config, its layers, its results and the time that its phases took.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'compare' -d 'Compare runs side by side: where their configs differ, then their results.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'plot' -d 'Draw curves and heat maps of runs, of a sweep or of any SELECT, in the terminal or as an SVG file.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'sql' -d 'Query the results file with SQL, read-only.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'evaluate' -d 'Evaluate a checkpoint of a run on any split, mode and batch size; nothing is recorded.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'dump' -d 'Write one step\'s batch to HDF5: inputs, every layer\'s values, parameters and gradients.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'export' -d 'Write tables as CSV (RFC 4180) or JSON Lines, row by row, whatever their size.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'merge' -d 'Add the runs of other results files to the one of --db, which is created if it is missing.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'backup' -d 'Copy the results file and its checkpoints, also while runs write to it.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'tag' -d 'Add tags to a run or remove them; prints the tags that the run then has.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'note' -d 'Write a note on a run, or print its notes.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'delete' -d 'Delete runs with all their rows.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'reap' -d 'Mark runs as lost whose status is running although their process is gone.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'doctor' -d 'Check the results file and print a remedy for each problem; exits with 1 if there is one.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'gradcheck' -d 'Compare the network\'s analytic gradients with numeric ones, per layer and parameter.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'verify' -d 'Train a run again and compare every row; exits with 1 if one differs.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'verify-resume' -d 'Show that an interrupted and resumed run gives the same bits as one that was not interrupted.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'data' -d 'List what HDF5 files hold, and create them.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'config' -d 'Print resolved configs, their differences, or the schema of configs.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp run" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run"' -l 'set' -d 'Set one key: --set optimizer.learning_rate=0.1. May repeat.' -rfka '(__bnexp_custom_completion ---completion run -- --set (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" name' -l 'name' -d 'Name of the run; default is the config\'s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" seed' -l 'seed' -d 'Seed of the run; default is the config\'s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run"' -l 'tag' -d 'A tag for the run, beside the config\'s. May repeat.' -rfka '(__bnexp_custom_completion ---completion run -- --tag (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" threads' -l 'threads' -d 'Threads to compute with; results are the same bits under every number.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" inputs' -l 'inputs' -d 'The form of the first layer\'s inputs: sparse skips zeros, auto does so where it is faster; results are the same bits.' -rfka 'auto dense sparse'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" if-exists' -l 'if-exists' -d 'If a run of the same identity exists: skip it, resume it unless it has ended, rerun beside it, or error.' -rfka 'skip resume rerun error'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" extend' -l 'extend' -d 'Let a finished run of this config go on to so many steps in all, with the bits of a run that was asked for them at first.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" allow-divergence' -l 'allow-divergence' -d 'Exit with 0 also when the loss is not finite.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" shard' -l 'shard' -d 'Write to results.NAME.sqlite beside results.sqlite, such as a file for each machine; join the files with bnexp merge.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" sweep' -l 'sweep' -d 'The sweep that the run is a trial of; bnexp sweep --expand prints it.' -rfka '(__bnexp_custom_completion ---completion run -- --sweep (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" trial' -l 'trial' -d 'The number of the trial, with --sweep.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" dry-run' -l 'dry-run' -d 'Print the plan of the run, and write nothing.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" progress' -l 'progress' -d 'How to show progress: auto, plain, json or none.' -rfka 'auto plain json none'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" profile' -l 'profile' -d 'Print at the end how long the phases of this process took.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" q quiet' -l 'quiet' -s 'q' -d 'Print errors only.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" v verbose' -l 'verbose' -s 'v' -d 'Print the plan of the run too.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp sweep" -eq 1' -fa 'run' -d 'Run the trials of a sweep that the results file lacks, several at a time.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp sweep" -eq 1' -fa 'status' -d 'Tell how the trials of a sweep stand.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp sweep run" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run"' -l 'set' -d 'Set one key of the base config, for all trials. May repeat.' -rfka '(__bnexp_custom_completion ---completion sweep run -- --set (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run"' -l 'tag' -d 'A tag for every run. May repeat.' -rfka '(__bnexp_custom_completion ---completion sweep run -- --tag (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" shard' -l 'shard' -d 'Write to results.NAME.sqlite beside results.sqlite, such as a file for each machine; join the files with bnexp merge.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" jobs' -l 'jobs' -d 'The number of trials at a time; default is the number of processors, divided by --threads.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" threads' -l 'threads' -d 'Threads for each trial; results are the same bits under every number.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" index' -l 'index' -d 'Run only some trials, counted from 0, such as 7 or 3-9,12.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" if-exists' -l 'if-exists' -d 'If a run of a trial\'s identity exists: skip it, resume it unless it has ended, rerun beside it, or error.' -rfka 'skip resume rerun error'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" dry-run' -l 'dry-run' -d 'Print the trials, what they change, their identities and which exist; write nothing.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" expand' -l 'expand' -d 'Print a bnexp run line for each trial that the results file lacks, for sh, xargs or GNU parallel.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" keep-going' -l 'keep-going' -d 'Whether the other trials are still run after one has failed.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" fail-fast' -l 'fail-fast' -d 'Whether the other trials are still run after one has failed.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" slurm' -l 'slurm' -d 'Print a job script that runs what is left of the sweep on a Slurm cluster: bnexp sweep ... --slurm | sbatch.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" trials-per-task' -l 'trials-per-task' -d 'Trials in a task of the job array, one after the other or --jobs at a time; default is --jobs, else 1.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" array-throttle' -l 'array-throttle' -d 'The most tasks that run at the same time.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" time' -l 'time' -d 'Time limit of a task, as sbatch takes it: 30 is minutes, 2:00:00, 1-12.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run"' -l 'sbatch' -d 'A further option of sbatch, such as --sbatch --partition=short. May repeat.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" progress' -l 'progress' -d 'How to show progress: auto, plain, json or none.' -rfka 'auto plain json none'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" json' -l 'json' -d 'With --dry-run, print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" q quiet' -l 'quiet' -s 'q' -d 'Print errors only.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp sweep status" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep status"' -l 'set' -d 'Set one key of the base config, for all trials. May repeat.' -rfka '(__bnexp_custom_completion ---completion sweep status -- --set (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep status"' -l 'tag' -d 'A tag for every run. May repeat.' -rfka '(__bnexp_custom_completion ---completion sweep status -- --tag (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep status" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep status" watch' -l 'watch' -d 'Print again every so many seconds, by default 2, until interrupted.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep status" all' -l 'all' -d 'List every trial, not only those that need a look.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep status" json' -l 'json' -d 'Print JSON: every trial.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep status" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sweep status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list"' -l 'status' -d 'Only runs of this status; may repeat, for any of them.' -rfka 'running finished diverged interrupted failed lost'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list"' -l 'tag' -d 'Only runs with this tag; may repeat, for all of them.' -rfka '(__bnexp_custom_completion ---completion list -- --tag (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list" name' -l 'name' -d 'Only runs whose name matches a pattern with *, ? and [...].' -rfka '(__bnexp_custom_completion ---completion list -- --name (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list"' -l 'where' -d 'Only runs whose config has this value; may repeat, for all of them.' -rfka '(__bnexp_custom_completion ---completion list -- --where (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list" limit' -l 'limit' -d 'How many of the newest runs are shown; --json prints all.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list" watch' -l 'watch' -d 'Print again every so many seconds, by default 2, until interrupted.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp show" -eq 1' -fka '(__bnexp_custom_completion ---completion show -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp show" watch' -l 'watch' -d 'Print again every so many seconds, by default 2, until interrupted.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp show" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp show" json' -l 'json' -d 'Print JSON: one object with a list for each part.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp show" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp compare" -ge 1' -fka '(__bnexp_custom_completion ---completion compare -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare" group-by-seed' -l 'group-by-seed' -d 'One column for each config, over its seeds.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare" sweep' -l 'sweep' -d 'Compare the trials of a sweep: an id, the beginning of a uuid, a name, latest, or the sweep file.' -rfka '(__bnexp_custom_completion ---completion compare -- --sweep (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare" metric' -l 'metric' -d 'With --sweep: a numeric column of the view sweep_summary; default is the final test accuracy.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare"' -l 'by' -d 'With --sweep: only the table of this axis; twice, of two axes.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare" show-sql' -l 'show-sql' -d 'Print the SQL of the results after the table.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp compare" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp plot" -ge 1' -fka '(__bnexp_custom_completion ---completion plot -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" metric' -l 'metric' -d 'The metric to draw; default is evaluation_accuracy.' -rfka 'loss accuracy gradient_norm learning_rate evaluation_loss evaluation_accuracy activation_mean activation_standard_deviation activation_gradient_norm saturated_fraction dead_unit_fraction weight_gradient_norm weight_norm update_ratio mean_gap variance_gap last_step first_loss final_loss train_accuracy validation_accuracy best_validation_accuracy test_accuracy best_test_accuracy test_loss train_seconds'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" split' -l 'split' -d 'The split of the evaluation metrics; default is test.' -rfka 'train validation test'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" sql' -l 'sql' -d 'Draw the rows of a SELECT; - reads it from standard input.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" sweep' -l 'sweep' -d 'Draw a sweep: an id, the beginning of a uuid, a name, latest, or the sweep file.' -rfka '(__bnexp_custom_completion ---completion plot -- --sweep (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" x' -l 'x' -d 'An axis of the sweep, by its name or the last part of it.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" y' -l 'y' -d 'A second axis, for a heat map.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" heat-map' -l 'heat-map' -d 'Draw a heat map of coloured cells.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" log-x' -l 'log-x' -d 'Make the x axis logarithmic.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" log log-y' -l 'log-y' -l 'log' -d 'Make the y axis logarithmic.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" log-color' -l 'log-color' -d 'Make the colours of a heat map logarithmic.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" title' -l 'title' -d 'The title of the figure.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" x-label' -l 'x-label' -d 'The label of the x axis.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" y-label' -l 'y-label' -d 'The label of the y axis.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" o output' -l 'output' -s 'o' -d 'The SVG file to write; - is standard output.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'svg\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" svg' -l 'svg' -d 'Print SVG.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" width' -l 'width' -d 'The width in columns of the terminal; default is all of them.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" height' -l 'height' -d 'The height of each chart in lines of the terminal; default is 20.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp plot" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sql" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sql" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sql" csv' -l 'csv' -d 'Print CSV.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sql" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp sql" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp evaluate" -eq 1' -fka '(__bnexp_custom_completion ---completion evaluate -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate" checkpoint' -l 'checkpoint' -d 'The run\'s checkpoint: last (the newest that is intact), best, the number of a step, or a file.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate" data' -l 'data' -d 'The HDF5 file that has the run\'s data now, if it has moved; other data are refused.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate"' -l 'split' -d 'A split: train, validation or test; may repeat. Default: as the run was evaluated.' -rfka 'train validation test'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate"' -l 'mode' -d 'A mode: running, batch or recomputed; may repeat. Default: as the run was evaluated.' -rfka 'running batch recomputed'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate" batch-size' -l 'batch-size' -d 'Rows of an evaluation batch. Default: as the run was evaluated.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp evaluate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp dump" -eq 1' -fka '(__bnexp_custom_completion ---completion dump -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp dump" checkpoint' -l 'checkpoint' -d 'The run\'s checkpoint: last (the newest that is intact), best, the number of a step, or a file.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp dump" data' -l 'data' -d 'The HDF5 file that has the run\'s data now, if it has moved; other data are refused.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp dump" step' -l 'step' -d 'The number of finished updates; 0 is the network at initialization.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp dump" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp dump" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp dump" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp dump" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp dump" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp export" -ge 1' -fka '(__bnexp_custom_completion ---completion export -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp export" o output' -l 'output' -s 'o' -d 'A folder, which is created if it is missing; for a single table a file, or - for standard output.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp export" format' -l 'format' -d 'csv or jsonl.' -rfka 'csv jsonl'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp export"' -l 'table' -d 'A table, or a view with a column run_id; default is every table with rows of runs. May repeat.' -rfka '(__bnexp_custom_completion ---completion export -- --table (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp export" wide' -l 'wide' -d 'One wide table for each run.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp export" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp export" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp export" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp merge" -ge 1' -F
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp merge" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp merge" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp merge" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp merge" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp backup" -eq 1' -F
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp backup" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp backup" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp backup" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp tag" -eq 1' -fka '(__bnexp_custom_completion ---completion tag -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp tag" -ge 2' -fka '(__bnexp_custom_completion ---completion tag -- positional@1 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp tag" remove' -l 'remove' -d 'Remove the tags.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp tag" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp tag" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp tag" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp tag" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp note" -eq 1' -fka '(__bnexp_custom_completion ---completion note -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp note" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp note" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp note" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp note" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp delete" -ge 1' -fka '(__bnexp_custom_completion ---completion delete -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp delete" dry-run' -l 'dry-run' -d 'Print how many rows of each table would be deleted, and delete nothing.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp delete" vacuum' -l 'vacuum' -d 'Shrink the file afterwards, which needs as much free space as the file has.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp delete" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp delete" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp delete" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp delete" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp reap" heartbeat-age' -l 'heartbeat-age' -d 'Seconds without a heartbeat after which a run of another machine is lost; runs beat every 10 s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp reap" dry-run' -l 'dry-run' -d 'Print the runs that would be marked, and change nothing.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp reap" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp reap" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp reap" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp reap" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp doctor" quick' -l 'quick' -d 'Skip the slowest check, which compares indexes with their tables.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp doctor" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp doctor" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp doctor" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp gradcheck" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck"' -l 'set' -d 'Set one key: --set optimizer.learning_rate=0.1. May repeat.' -rfka '(__bnexp_custom_completion ---completion gradcheck -- --set (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck" name' -l 'name' -d 'Name of the run; default is the config\'s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck" seed' -l 'seed' -d 'Seed of the run; default is the config\'s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck"' -l 'tag' -d 'A tag for the run, beside the config\'s. May repeat.' -rfka '(__bnexp_custom_completion ---completion gradcheck -- --tag (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck" samples' -l 'samples' -d 'Entries of each parameter to compare; smaller parameters are compared whole.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck" tolerance' -l 'tolerance' -d 'The largest norm(analytic - numeric) / norm(numeric) that passes.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck" inject-fault' -l 'inject-fault' -d 'Make one mistake in the backward pass, to see the check find it: drop_epsilon, drop_mean_term, drop_variance_term, unbiased_variance, forget_gamma, gamma_from_sum, forget_activation, forget_batch_mean, bias_from_one_row.' -rfka 'drop_epsilon drop_mean_term drop_variance_term unbiased_variance forget_gamma gamma_from_sum forget_activation forget_batch_mean bias_from_one_row'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp gradcheck" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp verify" -eq 1' -fka '(__bnexp_custom_completion ---completion verify -- positional@0 (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify" data' -l 'data' -d 'The HDF5 file that has the run\'s data now, if it has moved; other data are refused.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify" threads' -l 'threads' -d 'Threads to compute with; results are the same bits under every number.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify" db' -l 'db' -d 'The results file; default is $BNEXP_DB, else results.sqlite.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp verify-resume" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume"' -l 'set' -d 'Set one key: --set optimizer.learning_rate=0.1. May repeat.' -rfka '(__bnexp_custom_completion ---completion verify-resume -- --set (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume" name' -l 'name' -d 'Name of the run; default is the config\'s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume" seed' -l 'seed' -d 'Seed of the run; default is the config\'s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume"' -l 'tag' -d 'A tag for the run, beside the config\'s. May repeat.' -rfka '(__bnexp_custom_completion ---completion verify-resume -- --tag (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume" at' -l 'at' -d 'The step to interrupt after; default is half of the run.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume" threads' -l 'threads' -d 'Threads to compute with.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp verify-resume" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data" -eq 1' -fa 'inspect' -d 'List the datasets, links and attributes of an HDF5 file.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data" -eq 1' -fa 'import' -d 'Create an HDF5 file from files of another format.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data" -eq 1' -fa 'synthesize' -d 'Create an HDF5 file of a synthetic problem whose difficulty is known.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data inspect" -eq 1' -fa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data inspect" values' -l 'values' -d 'Look at the values too: ranges, means, classes with their counts, what is not finite or constant.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data inspect" preview' -l 'preview' -d 'Show one row, by default the first, images as pictures.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data inspect" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data inspect" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data inspect" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'csv' -d 'Import tables in text with commas or other delimiters.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'tsv' -d 'Import tables in text with tabs, as csv with --delimiter \'\\t\'.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'npy' -d 'Import arrays of NumPy, a file each, as numpy.save writes them.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'npz' -d 'Import arrays of an npz file, as numpy.savez writes it.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'mat' -d 'Import arrays of a MATLAB file of version 5, 6 or 7.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'svmlight' -d 'Import text files in the format of svmlight and LIBSVM.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'idx' -d 'Import IDX files, the format of MNIST and Fashion-MNIST, plain or compressed with gzip.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'cifar10' -d 'Import files of the binary version of CIFAR-10.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import" -eq 1' -fa 'cifar100' -d 'Import files of the binary version of CIFAR-100.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import csv" -ge 1' -F
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv"' -l 'target' -d 'Column of the target, by name or by number from 1; repeat it for several values. Else one that is called target, label, class, y or species.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" no-header' -l 'no-header' -d 'The first row holds values; else that is found out.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv"' -l 'columns' -d 'Columns of the inputs, as A,B,C; else all others.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv"' -l 'skip' -d 'Columns to leave out, as A,B,C.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" missing' -l 'missing' -d 'Leave out rows in which a value is missing, or put in the mean of the training rows. Missing are empty fields, NA, N/A, NaN, null, None, ? and -.' -rfka 'drop mean'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" test' -l 'test' -d 'A file of the test split.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" decimal-comma' -l 'decimal-comma' -d 'A comma is the decimal point.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" delimiter' -l 'delimiter' -d 'The sign between fields; else it is found among comma, semicolon, tab and |.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" test-fraction' -l 'test-fraction' -d 'Draw this share of the rows, such as 0.2, to be the test split of a source that has none.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" stratify' -l 'stratify' -d 'Give both splits the same shares of each class.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" seed' -l 'seed' -d 'What the rows of the test split are drawn by.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" scaling' -l 'scaling' -d 'Scale inputs, fitted to the training rows, and write them as float32; else training scales them.' -rfka 'none unit min_max standardize center'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import csv" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import tsv" -ge 1' -F
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv"' -l 'target' -d 'Column of the target, by name or by number from 1; repeat it for several values. Else one that is called target, label, class, y or species.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" no-header' -l 'no-header' -d 'The first row holds values; else that is found out.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv"' -l 'columns' -d 'Columns of the inputs, as A,B,C; else all others.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv"' -l 'skip' -d 'Columns to leave out, as A,B,C.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" missing' -l 'missing' -d 'Leave out rows in which a value is missing, or put in the mean of the training rows. Missing are empty fields, NA, N/A, NaN, null, None, ? and -.' -rfka 'drop mean'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" test' -l 'test' -d 'A file of the test split.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" decimal-comma' -l 'decimal-comma' -d 'A comma is the decimal point.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" test-fraction' -l 'test-fraction' -d 'Draw this share of the rows, such as 0.2, to be the test split of a source that has none.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" stratify' -l 'stratify' -d 'Give both splits the same shares of each class.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" seed' -l 'seed' -d 'What the rows of the test split are drawn by.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" scaling' -l 'scaling' -d 'Scale inputs, fitted to the training rows, and write them as float32; else training scales them.' -rfka 'none unit min_max standardize center'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import tsv" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import npy" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'npy\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" targets' -l 'targets' -d 'The npy file of the targets.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'npy\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" test' -l 'test' -d 'The npy file of the inputs of the test split.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'npy\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" test-targets' -l 'test-targets' -d 'The npy file of its targets.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'npy\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" test-fraction' -l 'test-fraction' -d 'Draw this share of the rows, such as 0.2, to be the test split of a source that has none.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" stratify' -l 'stratify' -d 'Give both splits the same shares of each class.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" seed' -l 'seed' -d 'What the rows of the test split are drawn by.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" scaling' -l 'scaling' -d 'Scale inputs, fitted to the training rows, and write them as float32; else training scales them.' -rfka 'none unit min_max standardize center'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npy" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import npz" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'npz\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" inputs' -l 'inputs' -d 'The name of the array of the inputs.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" target' -l 'target' -d 'The name of the array of the targets.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" test-inputs' -l 'test-inputs' -d 'The name of the array of the inputs of the test split.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" test-target' -l 'test-target' -d 'The name of the array of its targets.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" test-fraction' -l 'test-fraction' -d 'Draw this share of the rows, such as 0.2, to be the test split of a source that has none.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" stratify' -l 'stratify' -d 'Give both splits the same shares of each class.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" seed' -l 'seed' -d 'What the rows of the test split are drawn by.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" scaling' -l 'scaling' -d 'Scale inputs, fitted to the training rows, and write them as float32; else training scales them.' -rfka 'none unit min_max standardize center'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import npz" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import mat" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'mat\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" inputs' -l 'inputs' -d 'The name of the array of the inputs.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" target' -l 'target' -d 'The name of the array of the targets.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" test-inputs' -l 'test-inputs' -d 'The name of the array of the inputs of the test split.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" test-target' -l 'test-target' -d 'The name of the array of its targets.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" test-fraction' -l 'test-fraction' -d 'Draw this share of the rows, such as 0.2, to be the test split of a source that has none.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" stratify' -l 'stratify' -d 'Give both splits the same shares of each class.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" seed' -l 'seed' -d 'What the rows of the test split are drawn by.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" scaling' -l 'scaling' -d 'Scale inputs, fitted to the training rows, and write them as float32; else training scales them.' -rfka 'none unit min_max standardize center'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import mat" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp data import svmlight" -eq 1' -F
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" test' -l 'test' -d 'A file of test rows.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" features' -l 'features' -d 'The number of features; without it, the largest index.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" zero-based' -l 'zero-based' -d 'Count indexes from 0, also where 0 does not occur.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" test-fraction' -l 'test-fraction' -d 'Draw this share of the rows, such as 0.2, to be the test split of a source that has none.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" stratify' -l 'stratify' -d 'Give both splits the same shares of each class.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" seed' -l 'seed' -d 'What the rows of the test split are drawn by.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" scaling' -l 'scaling' -d 'Scale inputs, fitted to the training rows, and write them as float32; else training scales them.' -rfka 'none unit min_max standardize center'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import svmlight" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import idx" train-images' -l 'train-images' -d 'IDX file of the training images.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import idx" train-labels' -l 'train-labels' -d 'IDX file of the training labels.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import idx" test-images' -l 'test-images' -d 'IDX file of the test images.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import idx" test-labels' -l 'test-labels' -d 'IDX file of the test labels.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import idx" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import idx" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import idx" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import idx" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar10"' -l 'train' -d 'Files of training records, data_batch_1.bin to data_batch_5.bin.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar10"' -l 'test' -d 'Files of test records, test_batch.bin.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar10" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar10" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar10" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar10" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100"' -l 'train' -d 'Files of training records, train.bin.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100"' -l 'test' -d 'Files of test records, test.bin.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" labels' -l 'labels' -d 'Which of the two labels of a record.' -rfka 'fine coarse'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" names' -l 'names' -d 'The names of the classes, a line each: fine_label_names.txt.' -rF
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" o output' -l 'output' -s 'o' -d 'The HDF5 file to write; - is standard output.' -rfa '(set -l exts \'h5\' \'hdf5\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" force' -l 'force' -d 'Replace the output if it exists; never a results file, data in use, a config or a checkpoint.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" test-fraction' -l 'test-fraction' -d 'Draw this share of the rows, such as 0.2, to be the test split of a source that has none.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" stratify' -l 'stratify' -d 'Give both splits the same shares of each class.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" seed' -l 'seed' -d 'What the rows of the test split are drawn by.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" scaling' -l 'scaling' -d 'Scale inputs, fitted to the training rows, and write them as float32; else training scales them.' -rfka 'none unit min_max standardize center'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp data import cifar100" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp config" -eq 1' -fa 'show' -d 'Print the resolved config: merged, checked, every default filled in.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp config" -eq 1' -fa 'schema' -d 'Print the JSON Schema (2020-12) of configs, for editors; or README\'s table of keys.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp config" -eq 1' -fa 'diff' -d 'List the keys in which two configs differ, both merged and with every default filled in; names are left out.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp config show" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config show"' -l 'set' -d 'Set one key: --set optimizer.learning_rate=0.1. May repeat.' -rfka '(__bnexp_custom_completion ---completion config show -- --set (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config show" name' -l 'name' -d 'Name of the run; default is the config\'s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config show" seed' -l 'seed' -d 'Seed of the run; default is the config\'s.' -rfka ''
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config show"' -l 'tag' -d 'A tag for the run, beside the config\'s. May repeat.' -rfka '(__bnexp_custom_completion ---completion config show -- --tag (count (__bnexp_tokens -pc)) (__bnexp_tokens -tC))'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config show" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config schema" table' -l 'table' -d 'Print a Markdown table instead.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config schema" sweep' -l 'sweep' -d 'Print the schema of sweep files instead.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config schema" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config schema" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp config diff" -eq 1' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_positional "bnexp config diff" -eq 2' -fa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config diff" json' -l 'json' -d 'Print JSON.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config diff" version' -l 'version' -d 'Show the version.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp config diff" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'bnexp' -n '__bnexp_should_offer_completions_for_flags_or_options "bnexp help" version' -l 'version' -d 'Show the version.'
