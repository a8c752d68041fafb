// The part of undici that a request takes. The package's own index loads five times as much, mocks and WebSockets
// included, which costs the first call 25 ms.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';

  export default Agent;
}
