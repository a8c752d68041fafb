import { readFileSync } from 'node:fs';
import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
import type { HttpLimits } from './limits.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What keeps the connections: to the APIs, or to the proxies that the environment names.
 * @returns with `proxied`: for people, which variables name a proxy; null when none does
 */
export async function createDispatcher(
  environment: Environment,
  { connectTimeout, headersTimeout, bodyTimeout, maxAnswer }: HttpLimits,
): Promise<{ dispatcher: Dispatcher; proxied: string | null }> {
  // Said in so many words, or NODE_TLS_REJECT_UNAUTHORIZED could turn it off.
  const tls = { rejectUnauthorized: true, ...(await trusted(environment)) };
  const settings = {
    connect: { timeout: connectTimeout, ...tls },
    headersTimeout,
    bodyTimeout,
    maxResponseSize: maxAnswer,
    // Shorter than servers keep an idle connection, so that none is closed just when a request is sent on it.
    keepAliveTimeout: 4_000,
  };
  const http = proxyOf(environment, 'http_proxy');
  const https = proxyOf(environment, 'https_proxy');
  if (http === null && https === null) return { dispatcher: new Agent(settings), proxied: null };
  // The whole of undici, for its proxies do not work without it; only who has a proxy waits for it.
  const { EnvHttpProxyAgent } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    ...settings,
    // An empty one is none; left out, it would be looked for in the process's own environment.
    httpProxy: http?.url ?? '',
    httpsProxy: https?.url ?? '',
    noProxy: environment['no_proxy'] ?? environment['NO_PROXY'] ?? '',
    requestTls: { timeout: connectTimeout, ...tls },
    proxyTls: { timeout: connectTimeout, ...tls },
  });
  const names = [http, https].filter((proxy) => proxy !== null).map(({ variable }) => variable);
  return { dispatcher, proxied: `${names.join(' and ')} ${names.length === 1 ? 'names' : 'name'} a proxy` };
}

/** A proxy by its variable, in small or large letters. An address without a scheme is that of an http proxy. */
function proxyOf(environment: Environment, name: string): { variable: string; url: string } | null {
  for (const variable of [name, name.toUpperCase()]) {
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return { variable, url };
    // The address may hold a password, so it is not repeated.
    throw new KosmoError('settings_invalid', `${variable} is not the address of a proxy.`, {
      hint: `Set ${variable} to one such as http://proxy.example:3128, or unset it.`,
      details: { variable },
    });
  }
  return null;
}

/** The certificates to trust: Node's own, and those of `KOSMO_CA_FILE` and `NODE_EXTRA_CA_CERTS` besides. */
async function trusted(environment: Environment): Promise<{ ca?: string[] }> {
  const own = environment['KOSMO_CA_FILE'];
  if (own === undefined || own === '') return {};
  const certificates = readCertificates('KOSMO_CA_FILE', own);
  const extra = environment['NODE_EXTRA_CA_CERTS'];
  // Naming certificates puts all others out of force, those that Node was started with included.
  const more = extra === undefined || extra === '' ? [] : [readCertificates('NODE_EXTRA_CA_CERTS', extra)];
  const { rootCertificates } = await import('node:tls');
  return { ca: [...rootCertificates, certificates, ...more] };
}

function readCertificates(variable: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(variable, file, `it cannot be read (${systemErrorCode(error) ?? 'unknown'})`);
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw unusable(variable, file, 'it holds no certificate in PEM form');
}

function unusable(variable: string, file: string, why: string): KosmoError {
  return new KosmoError('settings_invalid', `${variable} names ${file}, but ${why}.`, {
    hint: `Point ${variable} at a file of certificates, or unset it.`,
    details: { variable, file },
  });
}
