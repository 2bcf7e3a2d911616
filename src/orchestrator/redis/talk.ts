/** Says the same thing once. */
export interface Talk {
  say: (text: string) => void;
  /** It may be said again. */
  forget: (text: string) => void;
}

export function talkOnce(say: (text: string) => void): Talk {
  const said = new Set<string>();
  return {
    say: (text) => {
      if (!said.has(text)) say(text);
      said.add(text);
    },
    forget: (text) => {
      said.delete(text);
    },
  };
}
