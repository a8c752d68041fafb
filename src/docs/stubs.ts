export { globalStubs } from './global-stubs.ts';
export { luaStubs } from './lua-stubs.ts';
