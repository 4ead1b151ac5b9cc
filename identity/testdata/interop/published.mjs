// X-Wing against the draft's own vectors (draft-connolly-cfrg-xwing-kem-08, appendix C): seeds, both ends of key and ciphertext, and the secret.
import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';

const hex = b => Buffer.from(b).toString('hex');
const un = text => Uint8Array.from(Buffer.from(text, 'hex'));

export const published = [
  {
    name: 'X-Wing 1',
    seed: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
    eseed: '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
    key: ['e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5', '859edb06eff389b27dce59844570216223593d4ba32d9abac8cd049040ef6534'],
    ct: ['b83aa828d4d62b9a83ceffe1d3d3bb1ef31264643c070c5798927e41fb07914a', '7f31ed6f7cb1600de56f17576740ce2a32fc5145030145cfb97e63e0e41d354274a079d3e6fb2e15'],
    secret: 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
  },
  {
    name: 'X-Wing 2',
    seed: 'badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea',
    eseed: '17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d',
    key: ['0333285fa253661508c9fb444852caa4061636cb060e69943b431400134ae1fb', 'cbb48fd4c562a576549f85b528c953926d96ea8a160b8843f1c89c62'],
    ct: ['c93beb22326705699bbc3d1d0aa6339be7a405debe61a7c337e1a91453c097a6', '00342d123f618aa8c91bdf6e0e03200693c9651e469aee6f91c98bea4127ae66312f4ae3ea155b67'],
    secret: 'f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150',
  },
];

const ends = (name, b, [first, last]) => {
  if (!hex(b).startsWith(first) || !hex(b).endsWith(last)) throw new Error(`another ${name}`);
};

export function checkPublished({ seed, eseed, key, ct, secret }) {
  const { publicKey } = xwing.keygen(un(seed)), { cipherText, sharedSecret } = xwing.encapsulate(publicKey, un(eseed));
  ends('key', publicKey, key);
  ends('ciphertext', cipherText, ct);
  for (const got of [sharedSecret, xwing.decapsulate(cipherText, un(seed))]) ends('secret', got, [secret, secret]);
}
