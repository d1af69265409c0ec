#compdef ballast
# Completion for zsh. What there is to complete is asked of the program itself, so it is never out of date.
_ballast() {
    local program=${~words[1]} word=$words[CURRENT] before=$words[CURRENT-1] list line wanted arguments
    local -a chain parts offered policies
    local -i i
    # The command, and in a family the one in it: words up to the first option.
    for ((i = 2; i < CURRENT; i++)); do
        [[ $words[i] == -* ]] && break
        list=$($program $chain --help=commands 2>/dev/null) || break
        ((${${(f)list}[(Ie)$words[i]]})) || break
        chain+=($words[i])
    done
    list=$($program $chain --help=completion 2>/dev/null) || return 1
    for line in ${(f)list}; do
        parts=("${(@ps:\t:)line}")
        if [[ $parts[1] == - ]]; then
            arguments=$parts[2]
            continue
        fi
        [[ $parts[2] == command ]] && arguments=command
        [[ $parts[1] == $before && $parts[2] != command ]] && wanted=$parts[2]
        offered+=("${parts[1]//:/\\:}:$parts[3]")
    done
    if [[ -z $wanted || $wanted == flag ]]; then
        wanted=$arguments
        if [[ $word == -* ]]; then
            _describe -o 'option' offered
            return
        fi
    fi
    case $wanted in
        command) _describe 'command' offered ;;
        policy)
            policies=(${(f)"$($program policy list 2>/dev/null | sed -n 's/^\([a-z][a-z-]*\)  *\(.*\)/\1:\2/p')"})
            _describe 'policy' policies
            _files
            ;;
        one-of:*) compadd -- ${(s:|:)wanted#one-of:} ;;
        file) _files ;;
        folder) _files -/ ;;
    esac # all else only the user knows
}
_ballast "$@"
