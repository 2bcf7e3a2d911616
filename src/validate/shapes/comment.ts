/** How a comment begins, up to its first word; of many signs there is one way to read them. */
export const COMMENT_BEGIN = String.raw`^(?://[\s/*]*|/\*[\s*]*)`;
