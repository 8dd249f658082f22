import type { SHELLS } from './candidates.js';

const PROGRAM = 'kubectl-multi_eni';

const BASH = `# bash completion of ${PROGRAM}: source <(${PROGRAM} completion bash)
_kubectl_multi_eni() {
  local IFS=$'\\n'
  COMPREPLY=($(${PROGRAM} __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | sed '$d'))
}
complete -o default -F _kubectl_multi_eni ${PROGRAM}
`;

const ZSH = `#compdef ${PROGRAM}
# zsh completion of ${PROGRAM}: source <(${PROGRAM} completion zsh)
_kubectl_multi_eni() {
  local -a found
  found=("\${(@f)$(${PROGRAM} __complete "\${(@)words[2,CURRENT]}" 2>/dev/null | sed '$d')}")
  compadd -a found
}
compdef _kubectl_multi_eni ${PROGRAM}
`;

const FISH = `# fish completion of ${PROGRAM}: ${PROGRAM} completion fish | source
function __kubectl_multi_eni
  set -l words (commandline -opc)
  set -l typed (commandline -ct)
  ${PROGRAM} __complete $words[2..] "$typed" 2>/dev/null | sed '$d'
end
complete -c ${PROGRAM} -f -a '(__kubectl_multi_eni)'
`;

/** What a shell has to source so that it completes the program's arguments. */
export const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = { bash: BASH, zsh: ZSH, fish: FISH };
