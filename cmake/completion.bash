# Completion for bash. What there is to complete is asked of the program itself, so it is never out of date.
_ballast() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} path=() i list value
    # The command, and in a family the one in it: words up to the first option.
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == -* ]] && break
        list=$("${COMP_WORDS[0]}" "${path[@]}" --help=commands 2>/dev/null) || break
        [[ $'\n'$list$'\n' == *$'\n'"${COMP_WORDS[i]}"$'\n'* ]] || break
        path+=("${COMP_WORDS[i]}")
    done
    if [[ $word != -* ]] && list=$("${COMP_WORDS[0]}" "${path[@]}" --help=commands 2>/dev/null); then
        mapfile -t COMPREPLY < <(compgen -W "$list --help" -- "$word")
        return
    fi
    list=$("${COMP_WORDS[0]}" "${path[@]}" --help=options 2>/dev/null) || return
    value=$(sed -n "s/^$before //p" <<<"$list")
    if [[ -n $value && $value != FILE* && $value != DIR* && $value != NAME* ]]; then
        return # a value that only the user knows
    elif [[ $value == NAME* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" policy list 2>/dev/null | sed -n 's/^\([a-z][a-z+-]*\) .*/\1/p')" -- "$word")
        COMPREPLY+=($(compgen -f -- "$word"))
    elif [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(sed 's/ .*//' <<<"$list")" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -o filenames -F _ballast ballast
