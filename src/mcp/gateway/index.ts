export type { GatewayOptions, GatewayRuntime, Writes } from './contract.ts';
export { Gateway } from './gateway.ts';
export { serveGatewayStdio } from './stdio.ts';
