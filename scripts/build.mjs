// Bundles devctl: one CommonJS file per entry. What loads only sometimes (src/lazy) is an entry of its own.
// Measured: `status` takes 1.3 x `node -e 0` as one file, 1.5 x unbundled, 2.4 x with yaml and zod loaded as well.
import { build } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import ts from 'typescript';
import { basename, join, resolve } from 'node:path';

const lazy = readdirSync('src/lazy').map((name) => join('src/lazy', name));

const lazyImports = {
  name: 'lazy-imports',
  setup({ onResolve }) {
    onResolve({ filter: /\/lazy\/[\w-]+\.ts$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.js`, external: true } : undefined,
    );
  },
};

// commander loads child_process (7 ms) for subcommands that are programs of their own; devctl has none.
const commanderSpawnsNothing = {
  name: 'commander-spawns-nothing',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'nothing', namespace: 'nothing' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};

// Built beside, and put in place whole: a devctl that runs meanwhile finds the old or the new.
const folder = `dist.${process.pid}`;
mkdirSync(folder, { recursive: true });
await build({
  entryPoints: ['src/main.ts', 'src/hook.ts', 'src/library.ts', ...lazy],
  outdir: folder,
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  // jsonc-parser's main is UMD, which cannot be bundled.
  mainFields: ['module', 'main'],
  format: 'cjs',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  supported: { 'dynamic-import': false },
  // Native programs, which are optional dependencies.
  external: ['@ast-grep/napi', 'oxlint'],
  alias: { '@secretlint/profiler': resolve('scripts/secretlint-profiler.mjs') },
  plugins: [lazyImports, commanderSpawnsNothing],
  legalComments: 'none',
  logLevel: 'warning',
});
writeFileSync(`${folder}/package.json`, '{ "type": "commonjs" }\n');
const { configJsonSchema } = createRequire(import.meta.url)(`../${folder}/config.js`);
writeFileSync(`${folder}/devctl.schema.json`, `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
writeTypes(`${folder}/types`);
copyFileSync('scripts/cached.cjs', `${folder}/cached.js`);
rmSync('dist.old', { recursive: true, force: true });
if (existsSync('dist')) renameSync('dist', 'dist.old');
renameSync(folder, 'dist');
rmSync('dist.old', { recursive: true, force: true });

/** Of what other programs import. */
function writeTypes(outDir) {
  const { options } = ts.getParsedCommandLineOfConfigFile(
    'tsconfig.json',
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const how = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rewriteRelativeImportExtensions: true,
    rootDir: 'src',
    outDir,
  };
  ts.createProgram(['src/library.ts'], { ...options, ...how }).emit();
}
