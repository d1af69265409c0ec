# Completion for bash. What there is to complete is asked of the program itself, so it is never out of date.
_ballast() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} path=() i list
    local name kind help words='' wanted='' arguments=''
    # The command, and in a family the one in it: words up to the first option.
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == -* ]] && break
        list=$("${COMP_WORDS[0]}" "${path[@]}" --help=commands 2>/dev/null) || break
        [[ $'\n'$list$'\n' == *$'\n'"${COMP_WORDS[i]}"$'\n'* ]] || break
        path+=("${COMP_WORDS[i]}")
    done
    list=$("${COMP_WORDS[0]}" "${path[@]}" --help=completion 2>/dev/null) || return
    while IFS=$'\t' read -r name kind help; do
        if [[ $name == - ]]; then
            arguments=$kind
        else
            words+="$name "
            [[ $kind == command ]] && arguments=command
            [[ $name == "$before" && $kind != command ]] && wanted=$kind
        fi
    done <<<"$list"
    [[ -z $wanted || $wanted == flag ]] && wanted=$arguments
    if [[ $wanted == "$arguments" && $word == -* ]] || [[ $wanted == command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
        return
    fi
    case $wanted in
    policy)
        mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" policy list 2>/dev/null | sed -n 's/^\([a-z][a-z-]*\) .*/\1/p')" -- "$word"
            compgen -f -- "$word") ;;
    one-of:*) mapfile -t COMPREPLY < <(compgen -W "${wanted//[:|]/ }" -- "$word") ;;
    file) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    folder) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    esac # all else only the user knows
}
complete -o filenames -F _ballast ballast
