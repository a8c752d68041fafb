// The part of undici that a request takes. The package's own index loads five times as much, mocks and WebSockets
// included, which costs the first call 25 ms.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';

  export default Agent;
}

declare module 'undici/lib/util/timers.js' {
  const timers: {
    /** Lets the client's timers look at the time as if so many milliseconds had passed. */
    tick(milliseconds: number): void;
  };

  export default timers;
}
