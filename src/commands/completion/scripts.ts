import type { Words } from './words.ts';

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** The script for `shell`. In all of them the key of the words is what was typed so far, options other than the last left out. */
export function scriptFor(shell: Shell, words: Words): string {
  return { bash, zsh, fish, powershell }[shell](words);
}

function bash(words: Words): string {
  return `# subctl completion for bash
_subctl_words() {
  case "$1" in
${cases(words, 4)}
  esac
}
_subctl() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="" path="" word list
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    previous="$word"
    case "$word" in -*) continue ;; esac
    [ -n "$(_subctl_words "\${path:+$path }$word")" ] && path="\${path:+$path }$word"
  done
  list="$(_subctl_words "$path $previous")"
  [ -n "$list" ] || list="$(_subctl_words "$path")"
  COMPREPLY=($(compgen -W "$list" -- "$current"))
}
complete -o default -F _subctl subctl
`;
}

function zsh(words: Words): string {
  return `#compdef subctl
# subctl completion for zsh
_subctl_words() {
  case "$1" in
${cases(words, 4)}
  esac
}
_subctl() {
  local where="" word list
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ "$word" == -* ]] && continue
    [[ -n "$(_subctl_words "\${where:+$where }$word")" ]] && where="\${where:+$where }$word"
  done
  list="$(_subctl_words "$where \${words[CURRENT-1]}")"
  [[ -n "$list" ]] || list="$(_subctl_words "$where")"
  compadd -- \${=list} || _files
}
if [ "\${funcstack[1]}" = _subctl ]; then _subctl "$@"; else compdef _subctl subctl; fi
`;
}

function fish(words: Words): string {
  const entries = [...words].map(([path, list]) => `    case '${path}'\n      echo ${list.join(' ')}`);
  return `# subctl completion for fish
function __subctl_words
  switch "$argv[1]"
${entries.join('\n')}
  end
end
function __subctl_complete
  set -l path ''
  set -l typed (commandline -opc)
  for word in $typed[2..-1]
    string match -q -- '-*' $word; and continue
    set -l next (string trim "$path $word")
    test -n "$(__subctl_words $next)"; and set path $next
  end
  set -l list (__subctl_words "$path $typed[-1]")
  test -n "$list"; or set list (__subctl_words "$path")
  string split ' ' -- $list
end
complete -c subctl -f -a '(__subctl_complete)'
`;
}

function powershell(words: Words): string {
  const entries = [...words].map(([path, list]) => `  '${path}' = '${list.join(' ')}'`);
  return `# subctl completion for PowerShell
$subctlWords = @{
${entries.join('\n')}
}
Register-ArgumentCompleter -Native -CommandName subctl -ScriptBlock {
  param($current, $ast, $position)
  $path = ''; $previous = ''
  foreach ($element in $ast.CommandElements | Select-Object -Skip 1) {
    $word = $element.ToString()
    if ($element.Extent.EndOffset -ge $position -and $word -eq $current) { break }
    $previous = $word
    if ($word.StartsWith('-')) { continue }
    $next = "$path $word".Trim()
    if ($subctlWords.ContainsKey($next)) { $path = $next }
  }
  $list = $subctlWords["$path $previous"]
  if (-not $list) { $list = $subctlWords[$path] }
  $list -split ' ' | Where-Object { $_ -like "$current*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function cases(words: Words, indent: number): string {
  const space = ' '.repeat(indent);
  return [...words].map(([path, list]) => `${space}'${path}') echo '${list.join(' ')}' ;;`).join('\n');
}
