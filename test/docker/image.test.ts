import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../../src/setup/paths.mjs';

interface Service {
  command?: string;
  environment?: Record<string, string>;
  healthcheck?: object;
  read_only?: boolean;
  cap_drop?: string[];
  volumes: string[];
  depends_on?: Record<string, { condition: string }>;
  logging: { options: Record<string, string> };
  restart: string;
  stop_grace_period: string;
  mem_limit: string;
  pids_limit: number;
  ulimits?: Record<string, number>;
}

const read = (name: string): Promise<string> => readFile(join(projectRoot, name), 'utf8');

async function compose(): Promise<{ services: Record<'gramscribe' | 'redis', Service>; volumes: object }> {
  return parse(await read('docker-compose.yml'), { merge: true }) as Awaited<ReturnType<typeof compose>>;
}

test('the compose file is what the Compose specification allows', async () => {
  // https://github.com/compose-spec/compose-spec, schema/compose-spec.json at 170098b
  const schema = JSON.parse(await read('test/docker/compose-spec.schema.json')) as object;
  const validate = new Ajv({ strict: false, allowUnionTypes: true, validateFormats: false, validateSchema: false }).compile(
    Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema')),
  );
  validate(await compose());
  expect(validate.errors).toBeNull();
  expect(validate({ services: { x: { memory_limit: '1g' } } })).toBe(false);
});

test('the daemon waits for a Redis that keeps its data and evicts nothing', async () => {
  const { gramscribe, redis } = (await compose()).services;
  expect(gramscribe.depends_on).toEqual({ redis: { condition: 'service_healthy' } });
  expect(redis.healthcheck).toBeDefined();
  expect(redis.command).toBe('redis-server --appendonly yes --appendfsync everysec --maxmemory-policy noeviction');
});

test('every service writes to its volume alone, without privileges, and its log does not grow for ever', async () => {
  const { services, volumes } = await compose();
  for (const service of Object.values(services)) {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.logging.options['max-size']).toBeDefined();
    for (const volume of service.volumes) expect(Object.keys(volumes)).toContain(volume.split(':')[0]);
  }
});

test('every service has the time to stop in order, starts anew after a failure, bounded in memory, processes and core files', async () => {
  const { gramscribe, redis } = (await compose()).services;
  for (const { restart, stop_grace_period: grace = '', mem_limit, pids_limit } of [gramscribe, redis]) {
    expect({ restart, mem_limit, pids_limit }).toEqual({ restart: 'unless-stopped', mem_limit: expect.any(String) as string, pids_limit: expect.any(Number) as number });
    // src/main.ts leaves after 9.5 s in any case.
    expect(parseInt(grace, 10)).toBeGreaterThanOrEqual(15);
  }
  expect(gramscribe.ulimits).toEqual({ core: 0 });
});

test('everything that the Dockerfile copies from the checkout is there, and let through by .dockerignore', async () => {
  const allowed = (await read('.dockerignore')).split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copies = [...(await read('Dockerfile')).matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
  expect(copies.length).toBeGreaterThan(5);
  for (const source of copies) {
    expect([source, existsSync(join(projectRoot, source))]).toEqual([source, true]);
    expect(allowed.some((place) => source === place || source.startsWith(`${place}/`))).toBe(true);
  }
});

test('the last stage of the image runs as a user, under an init, with a health check', async () => {
  const stage = (await read('Dockerfile')).split(/^FROM /m).at(-1);
  expect(stage).toMatch(/^USER node$/m);
  expect(stage).toMatch(/^ENTRYPOINT \["tini", "--", "gramscribe"\]$/m);
  expect(stage).toMatch(/^HEALTHCHECK .*healthcheck\.mjs/m);
});
