export { isLoopback } from './door.ts';
export { listenGateway } from './http.ts';
export { gatewayToken } from './token.ts';
