import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as v from 'valibot';
import { EngineError } from '../engine.ts';
import type { TlsMaterial } from './target.ts';

/**
 * Docker's contexts, as docker/cli keeps them (cli/context/store): `contexts/meta/<sha256 of the name>/meta.json`,
 * and TLS files in `contexts/tls/<sha256 of the name>/docker/`. The context `default` is virtual and has no file.
 */
export interface DockerContext {
  readonly name: string;
  /** An address, as the person gave it to `docker context create`. */
  readonly host: string;
  readonly tls?: TlsMaterial;
  /** The file that says so, for errors about its content. */
  readonly file: string;
}

const configFile = v.object({ currentContext: v.nullish(v.string()) });

const metaFile = v.object({
  Name: v.string(),
  Endpoints: v.object({ docker: v.object({ Host: v.nullish(v.string()), SkipTLSVerify: v.nullish(v.boolean()) }) }),
});

/** `currentContext` of `config.json`; undefined without one, and for `default`. */
export async function readCurrentContext(configDir: string): Promise<string | undefined> {
  const config = await readJson(path.join(configDir, 'config.json'), configFile);
  const name = config?.currentContext ?? '';
  return name === '' || name === 'default' ? undefined : name;
}

/** Rejects with `configuration` where there is no such context or its files cannot be understood. */
export async function readContext(configDir: string, name: string): Promise<DockerContext> {
  const file = path.join(configDir, 'contexts', 'meta', digest(name), 'meta.json');
  const context = await readMeta(configDir, file);
  if (context === undefined) {
    throw new EngineError('configuration', `there is no Docker context '${name}' (${file} does not exist)`);
  }
  return context;
}

/** Those that can be read, by name; the others are told to `skipped`. */
export async function listContexts(
  configDir: string,
  skipped: (error: EngineError) => void,
): Promise<readonly DockerContext[]> {
  const meta = path.join(configDir, 'contexts', 'meta');
  const folders = await readdir(meta).catch(() => []);
  const contexts: DockerContext[] = [];
  for (const folder of folders) {
    try {
      const context = await readMeta(configDir, path.join(meta, folder, 'meta.json'));
      if (context !== undefined) contexts.push(context);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      skipped(error);
    }
  }
  return contexts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `ca.pem`, `cert.pem` and `key.pem` of a folder; undefined where it has none of them. */
export async function readTls(folder: string, verify: boolean): Promise<TlsMaterial | undefined> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readIfThere(path.join(folder, name))),
  );
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  if ((cert === undefined) !== (key === undefined)) {
    throw new EngineError(
      'configuration',
      `${folder}: cert.pem and key.pem belong together, and one of them is missing`,
    );
  }
  return {
    verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readMeta(configDir: string, file: string): Promise<DockerContext | undefined> {
  const meta = await readJson(file, metaFile);
  if (meta === undefined) return undefined;
  const endpoint = meta.Endpoints.docker;
  const folder = path.join(configDir, 'contexts', 'tls', digest(meta.Name), 'docker');
  const skipVerify = endpoint.SkipTLSVerify === true;
  const tls = (await readTls(folder, !skipVerify)) ?? (skipVerify ? { verify: false } : undefined);
  return { name: meta.Name, host: endpoint.Host ?? '', file, ...(tls === undefined ? {} : { tls }) };
}

function digest(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

/** Undefined where the file does not exist. The content never gets into an error: config.json holds credentials. */
async function readJson<S extends v.GenericSchema>(file: string, schema: S): Promise<v.InferOutput<S> | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new EngineError('configuration', `${file} is no valid JSON`);
  }
  // To valibot a list is an object, too.
  const result = v.safeParse(schema, Array.isArray(value) ? undefined : value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const where = v.getDotPath(issue) ?? 'the whole file';
  throw new EngineError('configuration', `${file}: ${where} should be ${issue.expected ?? 'something else'}`);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new EngineError('configuration', `${file} cannot be read (${code ?? 'unknown reason'})`);
  }
}
