import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIpTool, enrich, linkFromIp } from '../../../../src/kernel/local/ipTool.ts';
import { readSandboxesIn } from '../../../../src/kernel/local/sandboxes.ts';
import { parseIpAddressJson } from '../../../../src/kernel/parse/ipAddressJson.ts';
import type { Link } from '../../../../src/topology/model.ts';
import { namespaceFile } from '../machineTree.ts';

describe.skipIf(process.platform === 'win32')('the `ip` program', () => {
  let directory: string;
  const log: string[] = [];

  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'dne-ip-'));
    log.length = 0;
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** A program that writes down its arguments, one call a line, and then does this. */
  function program(name: string, script: string): void {
    const file = path.join(directory, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>'${directory}/calls'\n${script}\n`);
    chmodSync(file, 0o755);
  }

  function calls(): string[] {
    return readFileSync(path.join(directory, 'calls'), 'utf8').trim().split('\n');
  }

  const answer = `echo '[{"ifname":"lo","ifindex":1,"link_type":"loopback"}]'`;
  const tool = (): ReturnType<typeof createIpTool> => createIpTool((line) => log.push(line), directory);

  it('is asked once for all links, and once for each that is named', async () => {
    program('ip', answer);
    const lo = { name: 'lo', ifindex: 1, kind: 'loopback', addresses: [] };
    expect(await tool().links('self')).toEqual([lo]);
    expect(await tool().links('self', ['lo', 'eth0'])).toEqual([lo, lo]);
    expect(calls().sort()).toEqual([
      'ip -details -json address show',
      'ip -details -json address show dev eth0',
      'ip -details -json address show dev lo',
    ]);
  });

  it('is run in the namespace of another process by nsenter', async () => {
    program('ip', answer);
    program('nsenter', 'shift 2; exec "$@"');
    expect(await tool().links(77)).toHaveLength(1);
    expect(calls()[0]).toBe(`nsenter --net=/proc/77/ns/net -- ${directory}/ip -details -json address show`);
  });

  it('is left alone after it failed, which the log says once: busybox’s knows no JSON', async () => {
    program('ip', 'echo "Usage: ip [OPTIONS]" >&2; exit 1');
    const ip = tool();
    expect(await ip.links('self')).toBeUndefined();
    expect(await ip.links('self')).toBeUndefined();
    expect(calls()).toHaveLength(1);
    expect(log).toEqual([
      `${directory}/ip -details -json does not work here: kinds and addresses of links have less detail`,
    ]);
  });

  it('is not blamed for a namespace that may not be entered, or for an abort', async () => {
    program('ip', answer);
    program('nsenter', 'exit 1');
    const ip = tool();
    expect(await ip.links(77)).toBeUndefined();
    expect(await ip.links('self', undefined, AbortSignal.abort())).toBeUndefined();
    expect(await ip.links('self')).toHaveLength(1);
    expect(log).toEqual([]);
  });

  it('looks into a namespace that no process lives in by its file', async () => {
    program(
      'ip',
      `case "$*" in *bridge*) echo '[{"dev":"vxlan0","dst":"192.0.2.2","lladdr":"02:42:0a:4d:00:03"}]';; *) ${answer};; esac`,
    );
    program('nsenter', 'shift 2; exec "$@"');
    expect(await tool().sandbox?.('/run/docker/netns/1-abc')).toEqual({
      links: [{ name: 'lo', ifindex: 1, kind: 'loopback', addresses: [] }],
      tunnels: [{ mac: '02:42:0a:4d:00:03', host: '192.0.2.2' }],
    });
    const enter = `nsenter --net=/run/docker/netns/1-abc -- ${directory}/ip`;
    expect(
      calls()
        .filter((line) => line.startsWith('nsenter'))
        .sort(),
    ).toEqual([`${enter} -details -json address show`, `${enter} -json -family bridge neighbour show`]);
  });

  it('is not asked about files that are no namespaces', async () => {
    program('ip', answer);
    program('nsenter', 'shift 2; exec "$@"');
    writeFileSync(path.join(directory, '1-abcdefghij'), '');
    symlinkSync('/proc/self/ns/net', path.join(directory, '1-bcdefghijk'));
    expect(await readSandboxesIn(directory, { ip: tool(), signal: undefined })).toEqual([]);
    expect(await readSandboxesIn(path.join(directory, 'gone'), { ip: tool(), signal: undefined })).toEqual([]);
    expect(existsSync(path.join(directory, 'calls'))).toBe(false);
  });
});

describe('what `ip` says', () => {
  const links = parseIpAddressJson(namespaceFile('ip-address.json')) ?? [];
  const named = (name: string): NonNullable<(typeof links)[number]> => {
    const found = links.find((link) => link.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };

  it('adds kind, addresses and details to a link of sysfs', () => {
    const link: Link = { name: 'flannel.1', ifindex: 7, iflink: 7, kind: 'other', addresses: [] };
    expect(enrich(link, named('flannel.1'))).toEqual({
      ...link,
      kind: 'vxlan',
      addresses: [
        { address: '203.0.113.0', prefixLength: 32 },
        { address: 'fe80::5eff:fe00:5320', prefixLength: 64 },
      ],
      vxlan: { vni: 1, local: '192.0.2.2', port: 8472 },
    });
  });

  it('adds nothing to a link that went and came back under its name', () => {
    const link: Link = { name: 'flannel.1', ifindex: 8, kind: 'other', addresses: [] };
    expect(enrich(link, named('flannel.1'))).toBe(link);
    expect(enrich(link, undefined)).toBe(link);
  });

  it('is enough for whole links, where sysfs is out of reach', () => {
    const link = (name: string): Link => linkFromIp(named(name), links, undefined);
    expect(link('vetha1b2c3d')).toMatchObject({
      ifindex: 4,
      iflink: 3,
      kind: 'veth',
      master: 'br-0123456789ab',
      portNo: 1,
      peerNetnsId: 0,
      operState: 'up',
    });
    expect(link('vethorphan0')).toMatchObject({ iflink: 5, kind: 'veth' });
    expect(link('macv0')).toMatchObject({ iflink: 2, kind: 'macvlan', mode: 'bridge' });
    expect(link('lo')).toMatchObject({ iflink: 1, kind: 'loopback' });
    expect(link('br-0123456789ab').bridge).toEqual({ bridgeId: '8000.02425e005310', stp: false, fdb: [] });
  });
});
