/** Something that may be a file to judge. */
export interface Listed {
  /** From the root, with slashes. */
  path: string;
  /** Where its text lies: in the folder itself, or in a copy of what git has staged. */
  at: string;
}

export interface Source extends Listed {
  /** In bytes. */
  size: number;
  /** The same for all names of a file. */
  id: string;
}

export const CODE = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/i;
