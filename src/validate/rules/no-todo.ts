import type { Rule } from '../rule.ts';

export const noTodo: Rule = {
  id: 'no-todo',
  message: 'work that was left for later',
  why: 'A note in the code is on nobody’s list: it stays, and what it stands for is missing in production.',
  instead: 'Do it, or file an issue and take the note out.',
  severity: ['warning', 'warning', 'error', 'error'],
  finders: [
    {
      by: 'comment',
      terms: ['todo', 'fixme', 'xxx', 'hack'],
      // In capitals anywhere; otherwise only where it begins a line and is followed by what is to be done.
      match:
        /(?<![\w/$-])(?:TODO|FIXME|HACK)(?![\w,/-])|^[ \t/*#-]*XXX\b|^[ \t/*#-]*(?:[Tt]odo|[Ff]ixme)\b(?=[ \t]*[:(!]|[ \t]*$)|^[ \t/*#-]*@(?:todo|fixme)\b/m,
    },
  ],
  bad: [
    { code: '// TODO: handle the error\nexport const a = 1;' },
    { code: '/*\n * Adds two numbers.\n * FIXME it overflows\n */\nexport const a = 1;' },
    { code: '/** @todo types */\nexport const a = 1;' },
    { code: 'export const A = () => <div>{/* TODO(ann): the real list */}</div>;', file: 'a.tsx' },
    { code: 'call(1, // fixme: why 1?\n  2);' },
    { code: 'const text = `${/* HACK */ name}`;' },
  ],
  good: [
    { code: '// A list of todo items\nexport const todos = ["TODO: milk"];' },
    { code: '// Renders the TodoMVC application; see todo.ts\nexport const a = 1;' },
    { code: 'export const TODO = "a state, beside DOING and DONE";' },
    { code: 'export const A = () => <p>TODO</p>;', file: 'a.tsx' },
  ],
};
