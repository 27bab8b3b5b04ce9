import { parseArgs } from 'node:util';

export const usage = `Usage: npm start [-- --context NAME]

A Backstage backend with guest sign-in and the Kubernetes plugin.

  --context NAME  proxy to this context of your kubeconfig (KUBECONFIG or
                  ~/.kube/config) instead of the embedded demo cluster
  -h, --help      show this text
`;

export interface Options {
  help: boolean;
  /** Undefined: the embedded demo cluster. */
  context?: string;
}

/** A mistake of whoever started it, to be shown without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}

export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args,
      options: {
        context: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.context === '') {
      throw new Error("Option '--context' needs the name of a context");
    }
    return { help: values.help ?? false, context: values.context };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${reason}\n\n${usage}`);
  }
}
