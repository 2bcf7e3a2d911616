/** The arrows between the rooms; docs/ARCHITECTURE.md draws them. */
const FEATURES = '^src/(start|stop|restart|status|logs|nuke|doctor|wait|strays|diagnose|init|claude|orchestrator|validate)/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-rooms-import-nothing-of-the-system',
      comment: 'plans, verdicts and parsers are values: no node:*, no package, no clock',
      severity: 'error',
      from: {
        path: '(^src/ownership/|/plan\\.ts$|/ladder\\.ts$|/judge\\.ts$|/report\\.ts$|^src/project/(procfile|redirect|infer-port|nearest|service|settings|environment)\\.ts$|^src/claude/governor/(jobs|hung|pace|events|summary)\\.ts$|^src/claude/launch/(profile|known-bugs|examine|bypass)\\.ts$|^src/claude/install/version\\.ts$|^src/orchestrator/(hub/(board|pace|breaker|retry|outcomes|ready-queue)|tasks/(task|graph|template)|spoke/(events|judge|recovery|command-line|progress)|output/(stats|percentiles)|journal/records)\\.ts$|^src/validate/(rule|finding|rules-of|ignores|fix|lines|nesting|finders/|rules/|shapes/|report/|judge\\.ts)|^src/services/(state|exit-file|spec-file|crash-signs)\\.ts$)',
      },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    {
      name: 'only-main-knows-implementations',
      comment: 'everybody else sees the interfaces of src/machine',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts$|library\\.ts$|lazy/session-hooks\\.ts$|machine/)' },
      to: { path: '^src/machine/((linux|portable|posix|tmux-cli)/|real-machine\\.ts$)' },
    },
    {
      name: 'features-do-not-see-the-face',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts$|cli/|lazy/)' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'the-machine-knows-nobody',
      severity: 'error',
      from: { path: '^src/machine/' },
      to: { path: '^src/', pathNot: '^src/(machine/|lazy/|result\\.ts$|failure\\.ts$)' },
    },
    {
      name: 'project-is-below-the-features',
      severity: 'error',
      from: { path: '^src/(project|ownership|services)/' },
      to: { path: FEATURES },
    },
    {
      name: 'one-importer-for-colors',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/render/colors\\.ts$' },
      to: { path: 'node_modules/chalk' },
    },
    {
      name: 'heavy-packages-are-lazy',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(lazy/|project/config|cli/mcp/|orchestrator/(tasks/schema\\.ts$|redis/)|validate/)' },
      to: {
        path: 'node_modules/(execa|yaml|zod|dotenv|detect-port|tree-kill|log-update|@bomb.sh|unbash|jsonc-parser|diff|@modelcontextprotocol|pino|prom-client|rotating-file-stream|bullmq|ioredis|string-width|picomatch|oxlint|@ast-grep|@secretlint)',
      },
    },
    { name: 'no-tests-in-the-product', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
