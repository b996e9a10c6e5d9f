import { expect, it } from 'vitest';
import { flannelOf } from '../../../src/kernel/remote/flannel.ts';
import { framesOf } from '../../../src/kernel/remote/frames.ts';

const mark = '0123456789abcde';

function read(...pieces: readonly string[]): object {
  return flannelOf(framesOf([...pieces, 'end\n'].map((piece) => `${mark} ${piece}`).join(''), mark));
}

const neighbours = '[{"dst":"10.244.1.0","lladdr":"02:00:00:f1:00:02","state":["PERMANENT"]}]\n';
const forwarding = '[{"dst":"198.18.0.2","lladdr":"02:00:00:f1:00:02","state":["PERMANENT"]}]\n';

it('the answer of a helper tells flanneld’s file and the machines behind flannel.1', () => {
  expect(
    read(
      'flannel\nFLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.0.1/24\n',
      `neighbours flannel.1\n${neighbours}`,
      `forwarding flannel.1\n${forwarding}`,
      'neighbours flannel-v6.1\n',
      'forwarding flannel-v6.1\n',
    ),
  ).toEqual({
    flannel: { networks: ['10.244.0.0/16'], subnets: ['10.244.0.1/24'] },
    vteps: [{ link: 'flannel.1', gateway: '10.244.1.0', mac: '02:00:00:f1:00:02', host: '198.18.0.2' }],
  });
});

it('is nothing where flannel is not there, or the image has no ip that tells', () => {
  expect(read()).toEqual({});
  expect(read('flannel\n', 'neighbours flannel.1\n', 'forwarding flannel.1\n')).toEqual({});
  expect(read(`neighbours ../x\n${neighbours}`, `forwarding ../x\n${forwarding}`)).toEqual({});
});
