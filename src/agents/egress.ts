/** A host by name or address, lower case, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}
