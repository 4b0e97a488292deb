export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/**
 * The script that a shell loads. It asks the program (`subctl __complete`) for completions, so that an update of subctl needs no new
 * script.
 */
export function scriptFor(shell: Shell): string {
  return scripts[shell];
}

const bash = `# subctl completion for bash
_subctl() {
  local line tab=$'\\t' current="\${COMP_WORDS[COMP_CWORD]}" before="" word
  local -a typed=()
  # bash splits words at = and at colons
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ \${#typed[@]} -gt 0 && ( "$word" == [=:] || "$before" == [=:] ) ]]; then
      typed[\${#typed[@]}-1]+="$word"
    else
      typed+=("$word")
    fi
    before="$word"
  done
  local whole="\${typed[\${#typed[@]}-1]}"
  local cut="\${whole%"\${whole##*[=:]}"}"
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ "$line" == :files ]]; then
      COMPREPLY+=($(compgen -f -- "\${whole##*[=:]}"))
      compopt -o filenames 2>/dev/null
    else
      line="\${line%%"$tab"*}"
      COMPREPLY+=("$(printf '%q' "\${line#"$cut"}")")
    fi
  done < <(subctl __complete "\${typed[@]}" 2>/dev/null)
}
complete -F _subctl subctl
`;

const zsh = `#compdef subctl
# subctl completion for zsh
_subctl() {
  local line files=0
  local -a found
  while IFS= read -r line; do
    if [[ "$line" == :files ]]; then
      files=1
    else
      found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <(subctl __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && _describe -V candidates found
  (( files )) && _files
}
if [ "\${funcstack[1]}" = _subctl ]; then _subctl "$@"; else compdef _subctl subctl; fi
`;

const fish = `# subctl completion for fish
function __subctl_complete
  set -l typed (commandline -opc)
  set -l current (commandline -ct)
  for line in (subctl __complete $typed[2..-1] "$current" 2>/dev/null)
    if test "$line" = ':files'
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c subctl -f -k -a '(__subctl_complete)'
`;

const powershell = `# subctl completion for PowerShell
Register-ArgumentCompleter -Native -CommandName subctl -ScriptBlock {
  param($current, $ast, $position)
  $typed = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  subctl __complete @typed "$current" 2>$null | ForEach-Object {
    if ($_ -eq ':files') { return }
    $value, $about = $_ -split "\`t", 2
    $shown = if ($about) { $about } else { $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $shown)
  }
}
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell };
