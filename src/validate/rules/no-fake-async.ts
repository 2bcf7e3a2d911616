import type { Rule } from '../rule.ts';
import { PRETENCE, PRETENCE_PARTS, PRETENCE_WORDS } from '../shapes/pretence.ts';

export const noFakeAsync: Rule = {
  id: 'no-fake-async',
  message: 'a timer stands in for work',
  why: 'It looks as if something was fetched, saved or sent, and nothing was: the answer is made up and always comes.',
  instead: 'Call what does the work. If it is not there yet, throw: new Error("not implemented").',
  severity: ['warning', 'error', 'error', 'error'],
  // A test may pretend.
  places: ['production', 'script'],
  finders: [
    {
      by: 'syntax',
      words: PRETENCE_WORDS,
      utils: PRETENCE_PARTS,
      find: PRETENCE,
    },
  ],
  bad: [
    { code: 'export const load = () => new Promise((resolve) => setTimeout(() => resolve({ id: 1, name: "Ann" }), 500));' },
    {
      code: 'function load() {\n  return new Promise(function (resolve, reject) {\n    setTimeout(function () {\n      resolve([1, 2, 3]);\n    }, 300 + Math.random() * 700);\n  });\n}',
    },
    { code: 'const load = () => new Promise((r) => setTimeout(r, 1000, { ok: true }));' },
    {
      code: 'async function save(order: Order) {\n  await new Promise((resolve) => setTimeout(resolve, 1500));\n  return { success: true, id: order.id };\n}',
    },
    { code: 'async function save() {\n  await sleep(1500);\n  return { success: true, at: new Date().toISOString() };\n}' },
    {
      code: 'async function load() {\n  // Simulate network latency\n  await delay(ms);\n  await setTimeout(100);\n  return list();\n}',
    },
    {
      code: 'export function Form() {\n  const send = () => {\n    setSending(true);\n    setTimeout(() => {\n      setSending(false);\n      setSent(true);\n    }, 1000);\n  };\n  return <button onClick={send} />;\n}',
      file: 'form.tsx',
    },
    { code: 'const handleSave = () => {\n  setTimeout(() => setSaved(true), 800);\n};' },
    { code: 'const handleSave = useCallback(() => setTimeout(() => setSaved(true), 800), []);' },
    { code: 'class Form {\n  save = function () {\n    setTimeout(() => setSaved(true), 800);\n  };\n}' },
    { code: 'export const A = () => <form onSubmit={() => { setTimeout(() => setSent(true), 800); }} />;', file: 'a.tsx' },
    {
      code: 'import { setTimeout as sleep } from "node:timers/promises";\nexport const load = async () => sleep(500, { ok: true });',
    },
    { code: 'function load(callback) {\n  window.setTimeout(() => callback(null, { ok: true }), 200);\n}', file: 'load.js' },
  ],
  good: [
    { code: 'export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));' },
    {
      code: 'export const later = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));',
    },
    { code: 'const answer = await Promise.race([work(), new Promise((resolve) => setTimeout(() => resolve("late"), 500))]);' },
    { code: 'const limit = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 500));' },
    {
      code: 'const opened = new Promise((resolve) => {\n  socket.on("open", () => resolve(true));\n  setTimeout(() => resolve(false), 500);\n});',
    },
    {
      code: 'for (let n = 0; n < 3; n++) {\n  if (await ping()) break;\n  await new Promise((resolve) => setTimeout(resolve, 500));\n}',
    },
    { code: 'async function retry() {\n  await sleep(500);\n  return await send();\n}' },
    {
      code: 'useEffect(() => {\n  const timer = setTimeout(() => setCompleted(true), 300);\n  return () => clearTimeout(timer);\n}, []);',
    },
    { code: 'setTimeout(() => setCopied(false), 2000);\nconst timer = setTimeout(flush, 100);' },
  ],
};
