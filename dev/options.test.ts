import { readOptions } from './options';

describe('readOptions', () => {
  it.each([
    [[], { help: false, context: undefined }],
    [['--context', 'staging'], { help: false, context: 'staging' }],
    [['--context=staging'], { help: false, context: 'staging' }],
    [['--help'], { help: true, context: undefined }],
    [['-h'], { help: true, context: undefined }],
  ])('reads %j', (args, options) => {
    expect(readOptions(args)).toEqual(options);
  });

  it.each([
    [['--foo'], "Unknown option '--foo'"],
    [['staging'], "Unexpected argument 'staging'"],
    [['--context'], 'argument missing'],
    [['--context='], "Option '--context' needs the name of a context"],
  ])('refuses %j and shows the usage', (args, problem) => {
    expect(() => readOptions(args)).toThrow(problem);
    expect(() => readOptions(args)).toThrow('Usage: npm start');
  });
});
