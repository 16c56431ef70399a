// Who may import whom: the picture of ARCHITECTURE.md as rules. Each rule says in its comment what to do instead.

const core = '^packages/core/src/'
const room = (...names) => `${core}(${names.join('|')})/`

/** Rooms of pure arithmetic: used by anyone, using no one. */
const pure = ['scoring', 'sla', 'matching', 'sentiment']
/** The floor, from the ground up, with what each room may stand on. */
const floor = {
  kernel: [],
  storage: ['kernel'],
  access: ['kernel', 'storage'],
  entity: ['access', 'kernel', 'storage'],
}
/** The domains with the other domains each may enter, through the front door alone. */
const domains = {
  backup: [],
  customers: [],
  ownership: [],
  security: ['customers'],
  automation: [],
  'data-quality': [],
  engagement: ['customers'],
  sales: ['customers', 'engagement'],
  support: ['customers', 'engagement'],
  marketing: ['customers', 'engagement'],
  insights: ['customers', 'sales', 'support', 'engagement'],
}
const composition = `${core}(create-crm|crm|crm-entities|crm-events|crm-runs|crm-schema|crm-session|crm-tick|index|testing)\\.ts$`
const door = (...names) => `${core}(${names.join('|')})/index\\.ts$`
const storageDoor = door('storage')

/** Tests and their fixtures may reach anywhere; shipped code may not reach them. */
const testFile = '\\.(test|test-d|fixture)\\.tsx?$|^packages/[^/]+/test/'
const shipped = (path) => ({ path, pathNot: testFile })

/** The files that the packages export, which is all that one package may see of another. */
const packageDoors = [
  '^packages/[^/]+/src/index\\.ts$',
  `${core}(testing|storage/index|storage/memory/index|scoring/index|matching/index|insights/scoring-worker)\\.ts$`,
  '^packages/http/src/(client|node|tokens)/index\\.ts$',
  '^packages/conformance/src/(browser|node-test|vitest)/index\\.ts$',
  '^packages/widgets/src/(define/[^/]+|[^/]+/index)\\.tsx?$',
]
const coreDoors = `${core}(index|storage/index|storage/memory/index|scoring/index|matching/index)\\.ts$`

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const floorRules = Object.entries(floor).map(([name, ground]) =>
  rule(
    `floor-${name}`,
    ground.length === 0
      ? `${name} imports nothing of core.`
      : `${name} stands on ${ground.join(', ')} alone; move what it needs down, or hand it in as an argument.`,
    shipped(room(name)),
    { path: core, pathNot: room(name, ...ground) },
  ),
)

const domainRules = Object.entries(domains).flatMap(([name, neighbours]) => [
  rule(
    `domain-${name}`,
    neighbours.length === 0
      ? `${name} knows no other domain; meet through ids, events and registries.`
      : `${name} may enter ${neighbours.join(', ')} through index.ts; meet the rest through ids, events and registries.`,
    shipped(room(name)),
    {
      path: core,
      pathNot: [
        room(name, ...Object.keys(floor)),
        ...(neighbours.length > 0 ? [door(...neighbours)] : []),
        door(...pure),
      ],
    },
  ),
])

module.exports = {
  forbidden: [
    rule(
      'no-circle',
      'Files that import each other in a circle are one file; find the noun both need.',
      {},
      { circular: true },
    ),
    rule('no-dangling-import', 'The import resolves to nothing.', {}, { couldNotResolve: true }),
    rule(
      'declared-dependency',
      'Shipped code imports only what its package.json lists as a dependency or peer.',
      shipped('^packages/[^/]+/src/'),
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    ),
    rule('no-test-in-product', 'Shipped code does not import tests or fixtures.', shipped('^packages/'), {
      path: testFile,
    }),

    ...floorRules,
    ...domainRules,
    rule(
      'pure-engines',
      'Scoring, SLA, matching and sentiment are arithmetic over what they are given; they import nothing of core.',
      shipped(`${core}(${pure.join('|')})/`),
      // Folding of text is one for matching and search: what is found must be what is matched.
      { path: core, pathNot: [`${core}$1/`, `${core}storage/fold-text\\.ts$`] },
    ),
    rule(
      'composition-root',
      'Only index.ts, create-crm.ts and testing.ts may know create-crm and the whole.',
      { path: core, pathNot: [composition, testFile] },
      { path: composition },
    ),
    rule(
      'room-without-own-door',
      'Inside a room, import the file itself; index.ts is for visitors.',
      { path: '^packages/([^/]+)/src/([^/]+)/', pathNot: testFile },
      { path: '^packages/$1/src/$2/index\\.tsx?$' },
    ),
    rule(
      'package-without-own-door',
      'Inside a package, import the file itself; the entry is for other packages (and for the kit that proves itself).',
      { path: '^packages/([^/]+)/src/', pathNot: [testFile, composition, '^packages/conformance/src/self/'] },
      { path: '^packages/$1/src/index\\.ts$' },
    ),
    rule(
      'memory-without-own-door',
      'Inside the memory storage, import the file itself; index.ts is for visitors.',
      shipped(`${core}storage/memory/`),
      { path: `${core}storage/memory/index\\.ts$` },
    ),
    rule(
      'no-barrel-on-the-floor',
      'On the floor only storage, scoring and matching have doors, because they are public; import the file itself elsewhere.',
      {
        path: ['', '.*/'].map((inner) => `${room(...Object.keys(floor), 'scoring', 'matching')}${inner}index\\.ts$`),
        pathNot: `${core}(storage|storage/memory|scoring|matching)/index\\.ts$`,
      },
      {},
    ),
    rule(
      'runs-in-a-browser',
      'Core, the HTTP handler, its client and the widgets run outside Node; take the platform in as an argument.',
      { path: '^packages/(core|http|widgets|indexeddb)/src/', pathNot: [testFile, '^packages/http/src/node/'] },
      { dependencyTypes: ['core'] },
    ),

    rule(
      'package-doors',
      'A package sees of another what that one exports, nothing more.',
      { path: '^packages/([^/]+)/', pathNot: testFile },
      { path: '^packages/[^/]+/src/', pathNot: ['^packages/$1/', ...packageDoors] },
    ),
    rule(
      'hosts-use-doors',
      'Examples and benchmarks import what a customer of the packages can import.',
      { path: '^(examples|benchmarks)/' },
      { path: '^packages/[^/]+/src/', pathNot: packageDoors },
    ),
    rule(
      'core-alone',
      'Core is the ground of every other package and knows none of them.',
      shipped('^packages/core/'),
      {
        path: '^packages/(?!core/)',
      },
    ),
    rule(
      'adapters-see-the-contract',
      'A storage adapter and the conformance kit know @rapport/core/storage and nothing else of the workspace.',
      {
        path: '^packages/(postgres|indexeddb|conformance)/src/',
        pathNot: [testFile, '^packages/conformance/src/self/'],
      },
      { path: '^packages/', pathNot: ['^packages/$1/', storageDoor] },
    ),
    rule(
      'conformance-proves-itself',
      'The kit runs the memory storage only to prove itself, under src/self and in tests.',
      shipped('^packages/conformance/src/self/'),
      { path: '^packages/', pathNot: ['^packages/conformance/', storageDoor, `${core}storage/memory/index\\.ts$`] },
    ),
    rule(
      'http-on-core',
      'The HTTP package and the connectors know core and nothing else of the workspace.',
      shipped('^packages/(http|connectors)/src/'),
      { path: '^packages/', pathNot: ['^packages/$1/', coreDoors] },
    ),
    rule(
      'widgets-values',
      'A widget runs in a page: of core it takes types and scoring, of HTTP types and the client.',
      shipped('^packages/widgets/src/'),
      {
        path: '^packages/',
        pathNot: ['^packages/widgets/', door('scoring'), '^packages/http/src/client/index\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'widgets-types',
      'A widget knows core and HTTP and nothing else of the workspace.',
      shipped('^packages/widgets/src/'),
      { path: '^packages/', pathNot: '^packages/(widgets|core|http)/' },
    ),
    rule(
      'widgets-without-zod',
      'A widget has no room for a schema library; the server validates.',
      shipped('^packages/widgets/'),
      {
        path: '(^|/)zod(/|$)',
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|examples|benchmarks)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
}
