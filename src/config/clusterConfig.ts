import { X509Certificate } from 'crypto';
import { z } from 'zod';

// Values that come from environment variables are strings.
const flag = z.union([z.boolean(), z.stringbool()]).optional();
const text = z.string().min(1);
// An account number without quotes is a number in YAML.
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const customResource = z.object({
  group: z.string(),
  apiVersion: text,
  plural: text,
});

/** One entry of `clusters` of a `config` locator. Unknown keys are left to whoever reads them. */
export const clusterConfigSchema = z.object({
  name: text,
  url: text.refine(isHttpUrl, 'must be an http or https URL'),
  title: z.string().optional(),
  authProvider: text.optional(),
  authMetadata: z.record(z.string(), scalar).optional(),
  serviceAccountToken: text
    .refine(isOneWord, 'must be one token, without spaces or line breaks')
    .optional(),
  assumeRole: text.optional(),
  externalId: text.optional(),
  oidcTokenProvider: text.optional(),
  skipTLSVerify: flag,
  skipMetricsLookup: flag,
  caData: text
    .refine(isBase64Pem, 'must be base64-encoded PEM certificates')
    .optional(),
  caFile: text.optional(),
  customResources: z.array(customResource).optional(),
  dashboardUrl: z.string().optional(),
  dashboardApp: z.string().optional(),
  dashboardParameters: z.record(z.string(), z.json()).optional(),
});

export type ClusterConfig = z.infer<typeof clusterConfigSchema>;

/** `key: message` for each thing that is wrong. Never a value: it may be a secret. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => {
      const key = path.reduce<string>(
        (parent, part) =>
          typeof part === 'number'
            ? `${parent}[${part}]`
            : [parent, String(part)].filter(Boolean).join('.'),
        '',
      );
      return key ? `${key}: ${message}` : message;
    })
    .join('; ');
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function isOneWord(value: string): boolean {
  return /^[\x21-\x7e]+$/.test(value.trim());
}

function isBase64Pem(value: string): boolean {
  try {
    return Boolean(new X509Certificate(Buffer.from(value, 'base64')));
  } catch {
    return false;
  }
}
