/** Where this user's files belong. */
export interface HomeInfo {
  /** The caller's XDG_STATE_HOME, where it is set and absolute. */
  stateHome: string | undefined;
  /** The caller's XDG_RUNTIME_DIR, where it is set and absolute. */
  runtimeDir: string | undefined;
  /** Home of the password database: `HOME` differs under sudo and in agents' sandboxes. */
  home: string;
  tmp: string;
  uid: number;
}
