/**
 * Programs that outlive whoever started them, on purpose. One that a service happened to start carries our mark for life,
 * and so does all that it starts later, for other projects too.
 */
const SHARED: readonly { name: string; comm: RegExp; command: RegExp }[] = [
  { name: 'watchman', comm: /^watchman/, command: /watchman/ },
  { name: 'spring', comm: /^(?:ruby|spring)/, command: /\bspring (?:server|app)\b/ },
  { name: 'gradle', comm: /^java/, command: /GradleDaemon|GradleWorkerMain/ },
  { name: 'kotlin', comm: /^java/, command: /KotlinCompileDaemon/ },
  { name: 'bazel', comm: /^(?:java|bazel)/, command: /\bbazel\(|A-server\.jar/ },
  { name: 'nx', comm: /^node/, command: /nx\/src\/daemon\/server/ },
  { name: 'turbo', comm: /^turbo/, command: /\bdaemon\b/ },
  { name: 'adb', comm: /^adb/, command: /fork-server/ },
  { name: 'docker', comm: /^(?:dockerd|containerd|docker-proxy|com\.docker)/, command: /docker|containerd/ },
  { name: 'ssh-agent', comm: /^ssh-agent/, command: /ssh-agent/ },
  { name: 'gpg-agent', comm: /^(?:gpg-agent|scdaemon|keyboxd|dirmngr)/, command: /gpg|scdaemon|keyboxd|dirmngr/ },
  { name: 'code-server', comm: /^(?:node|code-server)/, command: /code-server|\.(?:vscode|cursor|windsurf)-server\// },
  { name: 'tmux', comm: /^(?:tmux: server|tmux|screen)/i, command: /^(?:\S*\/)?(?:tmux|screen|SCREEN)\b/ },
  {
    name: 'multiplexer',
    comm: /^(?:zellij|tmate|dtach|abduco|dvtm|shpool|byobu|mosh-server)/,
    command: /\b(?:zellij|tmate|dtach|abduco|dvtm|shpool|byobu|mosh-server)\b/,
  },
];

/** Programs of a person's desktop, by the exact name of their executable: `vite --open` starts the real browser. */
const DESKTOP =
  /^(?:firefox|firefox-bin|firefox-esr|chrome|chromium|chromium-browse|google-chrome|google-chrome-stable|msedge|microsoft-edge|brave|brave-browser|opera|vivaldi|vivaldi-bin|librewolf|epiphany|Safari|Google Chrome|Arc|code|code-insiders|codium|cursor|windsurf|zed|zed-editor|subl|sublime_text|idea|webstorm|rubymine|pycharm|phpstorm|goland|gedit|kate|emacs|gvim|nautilus|dolphin|thunar|nemo|gnome-terminal|gnome-terminal-|gnome-terminal-server|konsole|kitty|alacritty|wezterm|wezterm-gui|ghostty|foot|xterm|iTerm2|Terminal|Finder|slack|Slack|discord|Discord|spotify|ControlCenter|ControlCe|rapportd)$/;
/** macOS: the executable lies in an application's bundle. */
const BUNDLE = /^\/(?:Applications|System\/Applications|System\/Library\/CoreServices)\/.*\.app\/Contents\/MacOS\//;
/** A browser that a program drives is that program's. */
const AUTOMATED =
  /--(?:headless|remote-debugging-(?:port|pipe)|enable-automation|marionette)\b|(?:^|\s)-(?:headless|juggler-pipe)\b/;

/** The shared daemon that a process is. */
export function sharedDaemon(comm: string, command: () => string): string | undefined {
  const candidates = SHARED.filter((program) => program.comm.test(comm));
  return candidates.length === 0 ? undefined : candidates.find((program) => program.command.test(command()))?.name;
}

/** The desktop program that a process is; no browser that a program drives. */
export function desktopProgram(comm: string, command: () => string): string | undefined {
  if (!DESKTOP.test(comm) && !BUNDLE.test(comm)) return undefined;
  return AUTOMATED.test(command()) ? undefined : comm.split('/').at(-1);
}

/** Other agents at work; the one that called devctl is an ancestor, and spared as such. */
const AGENT =
  /(?:^|\/| -m )(?:claude(?:\.exe)?|codex|gemini|aider|opencode|goose|amp|cursor-agent|copilot|crush|qwen|kiro-cli)(?:\.js)?(?:\s|$)|@anthropic-ai\/claude-|\/claude\/versions\//;
const baseName = (path: string): string => path.split('/').at(-1) ?? '';
/** By what name it was started: a program may run under another's. */
export const programOf = ([file = '']: string[]): string => baseName(file);

/** The same but Claude Code, by the program itself: a folder of such a name in a command makes no agent. */
const OTHER_AGENT = /^(?:codex|gemini|aider|opencode|goose|amp|cursor-agent|copilot|crush|qwen|kiro-cli)(?:\.js)?$/;

export function isOtherAgent(argv: string[]): boolean {
  const [file = '', script = ''] = argv.filter((word) => !word.startsWith('-')).map(baseName);
  return OTHER_AGENT.test(file) || (/^(?:node|bun|python[\d.]*)$/.test(file) && OTHER_AGENT.test(script));
}

/** Servers of an editor: remote backends, language servers in its folder, helper processes. */
const EDITOR =
  /\.(?:vscode|cursor|windsurf|zed)(?:-server|_server)?\/|\/(?:code-server|JetBrains|extensions)\/|--type=(?:renderer|gpu-process|utility|zygote)/;

/** Why a process is ended by nobody who does not name its pid: a person works with it. Nothing where it may be. */
export function protectedProgram(comm: string, command: () => string): string | undefined {
  const desktop = desktopProgram(comm, command);
  if (desktop !== undefined) return `a desktop program (${desktop})`;
  if (EDITOR.test(command())) return 'an editor’s own';
  return AGENT.test(command()) ? 'an agent at work' : undefined;
}

/** The same, and shared daemons: whom no end reaches that comes from above. */
export function shieldOf(comm: string, command: () => string): string | undefined {
  const daemon = sharedDaemon(comm, command);
  return protectedProgram(comm, command) ?? (daemon === undefined ? undefined : `a shared daemon (${daemon})`);
}
