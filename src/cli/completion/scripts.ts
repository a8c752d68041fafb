/** For each shell, what completes `kosmo` in it: the words so far are given to `kosmo completion --complete`. */
export const completionScripts = {
  bash: `# kosmo: completion for bash. Put this into ~/.bashrc:
#   source <(kosmo completion bash)
_kosmo() {
  local line=\${COMP_LINE:0:COMP_POINT} current before words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=\${words[\${#words[@]}-1]}
  local IFS=$'\\n'
  COMPREPLY=($("$1" completion --complete -- "\${words[@]:1}" 2>/dev/null))
  # Bash begins a new word at a colon and at an equals sign; what stands before it must not come twice.
  if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
    before=\${current%"\${current##*:}"}
    COMPREPLY=("\${COMPREPLY[@]#"$before"}")
  fi
}
complete -o default -F _kosmo kosmo
`,
  zsh: `#compdef kosmo
# kosmo: completion for zsh. Put this into ~/.zshrc, after compinit:
#   source <(kosmo completion zsh)
_kosmo() {
  local -a found
  found=("\${(@f)$("\${words[1]}" completion --complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then
    compadd -- "\${found[@]}"
  else
    _files
  fi
}
compdef _kosmo kosmo
`,
  fish: `# kosmo: completion for fish. Put this into ~/.config/fish/completions/kosmo.fish:
#   kosmo completion fish > ~/.config/fish/completions/kosmo.fish
function __kosmo_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] completion --complete -- $words[2..-1] 2>/dev/null
end
complete -c kosmo -a '(__kosmo_complete)'
`,
} as const;

export type Shell = keyof typeof completionScripts;
