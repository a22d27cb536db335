// Who may import whom: docs/architecture.md says why. `npm run lint` enforces it.
/* eslint-disable no-undef */
const only = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    only('no-circular', {}, { circular: true }, 'an import cycle hides who owns what'),
    only(
      'client-library-behind-one-folder',
      { path: '^src', pathNot: '^src/(telegram|sandbox)/' },
      { path: 'node_modules/telegram/' },
      'only src/telegram speaks GramJS (src/sandbox takes its TL classes)',
    ),
    only(
      'audio-knows-no-telegram',
      { path: '^src/(speech|punctuation|media)/' },
      { path: '^src/(telegram|queue|voice|intake|modules|store|sandbox|cli|app)' },
      'speech, punctuation and media know nothing of Telegram or jobs',
    ),
    only(
      'voice-knows-interfaces',
      { path: '^src/voice/' },
      { path: 'node_modules/(ioredis|bullmq|telegram)/|^src/telegram/gramjs|^src/(cli|sandbox|app)' },
      'the pipeline knows interfaces, not Redis or GramJS',
    ),
    only(
      'modules-know-interfaces',
      { path: '^src/modules/' },
      { path: 'node_modules/(ioredis|bullmq|telegram)/|^src/telegram/gramjs|^src/(cli|sandbox|app)' },
      'a module answers people; it does not reach for Redis or GramJS',
    ),
    only(
      'core-knows-no-module',
      { path: '^src/', pathNot: '^src/(modules/builtin/|app)' },
      { path: '^src/modules/builtin/' },
      'everything that answers a person is a module, and the core does not know their names: only src/app*.ts lists them (docs find them by their folders)',
    ),
    only(
      'modules-do-not-lean-on-each-other',
      { path: '^src/modules/builtin/([^/]+)/' },
      { path: '^src/modules/builtin/[^/]+/', pathNot: '^src/modules/builtin/$1/' },
      'a module can be switched off and taken away without another one noticing; what it needs of one is handed in as a port',
    ),
    only(
      'contract-stands-alone',
      { path: '^src/modules/contract/' },
      { pathNot: '^src/(modules/contract/|telegram/formatted-text\\.ts)' },
      'modules of others are written against it: it names nothing of the inside',
    ),
    only(
      'nothing-around-the-governor',
      { path: '^src/', pathNot: '^src/(telegram/|app\\.ts|cli/bench/healing\\.ts)' },
      { path: '^src/telegram/gramjs-gateway' },
      'what is sent is asked of src/governor/governed-gateway.ts; only app.ts, which wraps it, sees the gateway itself (and a bench that sends nothing)',
    ),
    only(
      'manners-are-policy',
      { path: '^src/governor/' },
      { pathNot: '^src/(governor/|errors|log/logger|supervisor/clock|telegram/(peer|formatted-text|incoming-message|telegram-gateway|update-source)\\.ts)' },
      'what is polite is decided from our own types and a clock, and from nothing else',
    ),
    only('redis-behind-store', { path: '^src', pathNot: '^src/(store|queue|cli|app|setup)' }, { path: 'node_modules/ioredis/' }, 'ioredis lives in store and queue'),
    only('bullmq-behind-queue', { path: '^src', pathNot: '^src/queue/' }, { path: 'node_modules/bullmq/' }, 'BullMQ lives in queue'),
    only(
      'web-knows-closures',
      { path: '^src/web/' },
      { path: '^src/(telegram|queue|voice|intake|modules|store|speech|media|governor|sandbox|cli|app)' },
      'what is served is handed in; web reaches for no part itself',
    ),
    only('fastify-behind-web', { path: '^src', pathNot: '^src/(web|sandbox)/' }, { path: 'node_modules/@?fastify/' }, 'only src/web listens (and the sandbox)'),
    only('sandbox-is-apart', { path: '^src', pathNot: '^src/(sandbox/|cli/)' }, { path: '^src/sandbox/' }, 'the product must not lean on its test ground'),
    only('nobody-imports-the-roots', { path: '^src/', pathNot: '^src/(main|cli/|app)' }, { path: '^src/(main|app|cli/)' }, 'wiring is at the top'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
