# Completion for fish. What there is to complete is asked of the program itself, so it is never out of date.
function __ballast_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program $words[1]
    set -l chain
    # The command, and in a family the one in it: words up to the first option.
    for before in $words[2..]
        string match -q -- '-*' $before; and break
        set -l list ($program $chain --help=commands 2>/dev/null); or break
        contains -- $before $list; or break
        set -a chain $before
    end
    set -l lines ($program $chain --help=completion 2>/dev/null); or return
    set -l wanted
    set -l arguments
    set -l offered
    for line in $lines
        set -l parts (string split \t -- $line)
        if test $parts[1] = -
            set arguments $parts[2]
            continue
        end
        test $parts[2] = command; and set arguments command
        test $parts[1] = "$words[-1]" -a $parts[2] != command; and set wanted $parts[2]
        set -a offered $parts[1]\t$parts[3]
    end
    if contains -- "$wanted" '' flag
        set wanted $arguments
        if string match -q -- '-*' $word; or test "$wanted" = command
            printf '%s\n' $offered
            return
        end
    end
    switch "$wanted"
        case policy
            $program policy list 2>/dev/null | string replace -rf '^([a-z][a-z-]*) +(.*)' '$1\t$2'
            __fish_complete_path $word
        case 'one-of:*'
            string split '|' -- (string replace 'one-of:' '' -- $wanted)
        case file
            __fish_complete_path $word
        case folder
            __fish_complete_directories $word
    end # all else only the user knows
end
complete -c ballast -f -a '(__ballast_complete)'
