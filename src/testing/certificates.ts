import { generate } from 'selfsigned';

/** A certificate and its key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface IssueOptions {
  readonly commonName?: string;
  readonly dns?: string[];
  readonly ips?: string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A certificate authority of one test. */
export interface Authority {
  /** Its certificate, in PEM. */
  readonly cert: string;
  /** The same as `caData` of a cluster takes it. */
  readonly caData: string;
  issue(options?: IssueOptions): Promise<KeyPair>;
}

export async function createAuthority(
  commonName = 'Test authority',
): Promise<Authority> {
  const root = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });

  return {
    cert: root.cert,
    caData: Buffer.from(root.cert).toString('base64'),
    async issue({
      commonName: subject = 'test',
      dns = ['localhost'],
      ips = ['127.0.0.1', '::1'],
      notBefore,
      notAfter,
    } = {}) {
      const { cert, private: key } = await generate(
        [{ name: 'commonName', value: subject }],
        {
          keyType: 'ec',
          algorithm: 'sha256',
          notBeforeDate: notBefore,
          notAfterDate: notAfter,
          ca: { key: root.private, cert: root.cert },
          extensions: [
            { name: 'basicConstraints', cA: false },
            { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
            {
              name: 'subjectAltName',
              altNames: [
                ...dns.map(value => ({ type: 2 as const, value })),
                ...ips.map(ip => ({ type: 7 as const, ip })),
              ],
            },
          ],
        },
      );
      return { cert, key };
    },
  };
}
