import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** SARIF 2.1.0, as GitHub's code scanning reads it. Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0. Pure. */
export function toSarif(
  findings: Finding[],
  rules: readonly Rule[],
  { version, root }: { version: string; root: string },
): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'devctl',
            version,
            rules: rules.map(({ id, message, why, instead }) => ({
              id,
              shortDescription: { text: message },
              fullDescription: { text: why },
              help: { text: instead },
            })),
          },
        },
        originalUriBaseIds: { ROOT: { uri: `file://${root.split('/').map(encodeURIComponent).join('/').replace(/\/$/, '')}/` } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
          level: finding.severity,
          message: { text: finding.message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: finding.file.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' },
                region: {
                  startLine: finding.line,
                  startColumn: finding.column,
                  endLine: finding.endLine,
                  endColumn: finding.endColumn,
                },
              },
            },
          ],
        })),
      },
    ],
  };
}
