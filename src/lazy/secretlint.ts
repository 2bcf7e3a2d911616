import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

const config = { rules: [{ id: creator.meta.id, rule: creator, options: {} }] };

/** What secretlint's recommended rules find. Its profiler is not in the bundle: scripts/secretlint-profiler.mjs. */
export async function findSecrets(path: string, text: string): Promise<{ from: number; to: number; what: string }[]> {
  const source = { filePath: path, content: text, contentType: 'text' as const, ext: '' };
  const { messages } = await lintSource({ source, options: { config, locale: 'en', maskSecrets: true, noPhysicFilePath: true } });
  return messages.map(({ range: [from, to], ruleId }) => ({ from, to, what: ruleId.replace(/^.*secretlint-rule-/, '') }));
}
