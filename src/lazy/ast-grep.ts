import { findInFiles as search, parse as parseText } from '@ast-grep/napi';
import type { AstGrep } from '../validate/finders/syntax.ts';

// Its types want the kinds of nodes of one language; rules are data, and of several.
export const findInFiles = search as unknown as AstGrep['findInFiles'];
export const parse = parseText as unknown as AstGrep['parse'];
