/** One rule of ARM, and a request that breaks it alone. */
export type Case = [
  what: string,
  id: string,
  version: string,
  body: object,
  status: number,
  code: string,
  target?: string,
];
