import type { Database } from '../../../sqlite/index.ts';
import { type Clock, second } from '../clock.ts';
import { serializeEvent } from '../events.ts';
import { dueEndpoints, type Leased, lease, recordAttempt, release } from './deliveries.ts';
import { post } from './send.ts';
import { signatureHeader } from './signature.ts';

export interface DelivererOptions {
  readonly database: Database;
  /** The server's clock, which may be moved: by it deliveries are due. */
  readonly clock: Clock;
  /** The machine's own: by it leases end, and signatures are dated, for who checks them goes by it too. */
  readonly machine: Clock;
  /** How long an endpoint may take to answer, in milliseconds. */
  readonly patience?: number;
}

/** How often to look for deliveries that another process has queued, or that have become due. */
const lookEvery = second;
/** How soon after a write to look: what one request does is often followed by another. */
const lookSoon = 20;
/** How long an end waits for an answer that is due. */
const lastMoment = second;

/**
 * Sends what is queued. Each endpoint gets its events one after the other, several endpoints at the same time.
 * Several processes may do this on one file: who sends a delivery has a lease on it. A process that dies leaves its
 * lease behind, which ends by itself; so what was queued is sent at least once.
 */
export class Deliverer {
  readonly #options: DelivererOptions;
  readonly #patience: number;
  #pass: Promise<number> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #watching = false;
  /** Ends the pass that is under way; what is being sent counts as not sent. */
  #end = new AbortController();

  constructor(options: DelivererOptions) {
    this.#options = options;
    this.#patience = options.patience ?? 10 * second;
  }

  /** Whether something is due that no process is sending. */
  hasDue(): boolean {
    return this.#dueEndpoints().length > 0;
  }

  /**
   * Sends everything that is due, and what becomes due meanwhile.
   *
   * @returns how many attempts it made
   */
  deliverDue(): Promise<number> {
    this.#pass ??= this.#deliverAll().finally(() => {
      this.#pass = null;
      this.#end = new AbortController();
    });
    return this.#pass;
  }

  /** As `deliverDue`, for a process that is about to end: what takes longer is left to the next. */
  async deliverWithin(milliseconds: number): Promise<void> {
    if (this.#pass === null && !this.hasDue()) return;
    const end = this.#end;
    const timer = setTimeout(() => end.abort(), milliseconds);
    // What fails here is what `watch` would try again: it stays queued.
    await this.deliverDue().catch(() => 0);
    clearTimeout(timer);
  }

  /** Keeps sending what becomes due, until `stop`. It does not keep the process alive. */
  watch(): void {
    this.#watching = true;
    this.#lookIn(0);
  }

  /** Says that something may have been queued. */
  poke(): void {
    if (this.#watching && this.#pass === null) this.#lookIn(lookSoon);
  }

  /** Ends `watch`. What is on its way has a moment to arrive. */
  async stop(): Promise<void> {
    this.#watching = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pass === null) return;
    const end = this.#end;
    const timer = setTimeout(() => end.abort(), lastMoment);
    await this.#pass.catch(() => 0);
    clearTimeout(timer);
  }

  #lookIn(milliseconds: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), milliseconds);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    try {
      if (this.hasDue()) await this.deliverDue();
    } catch {
      // The file is busy or out of reach for now; what is queued stays queued.
    }
    if (this.#watching) this.#lookIn(lookEvery);
  }

  async #deliverAll(): Promise<number> {
    let sent = 0;
    for (;;) {
      const endpoints = this.#dueEndpoints();
      if (endpoints.length === 0 || this.#end.signal.aborted) return sent;
      const counts = await Promise.all(endpoints.map((id) => this.#deliverTo(id)));
      const round = counts.reduce((sum, count) => sum + count, 0);
      // Others were faster: what is left is theirs.
      if (round === 0) return sent;
      sent += round;
    }
  }

  async #deliverTo(endpointId: string): Promise<number> {
    const { database, clock, machine } = this.#options;
    for (let sent = 0; ; sent += 1) {
      const machineTime = machine.now();
      // Twice as long as an answer may take: what is still leased then belongs to nobody.
      const until = machineTime + 2 * this.#patience;
      const delivery = lease(database, endpointId, { now: clock.now(), machineTime, until });
      if (delivery === null) return sent;
      const arrived = await this.#send(delivery);
      if (!arrived) return sent;
    }
  }

  /** @returns false when it was ended before there was an answer */
  async #send(delivery: Leased): Promise<boolean> {
    const { database, clock, machine } = this.#options;
    const body = JSON.stringify(serializeEvent(delivery));
    const signature = signatureHeader(delivery.secret, machine.now(), body);
    const outcome = await post(
      delivery.endpoint_url,
      body,
      { 'workos-signature': signature },
      { patience: this.#patience, end: this.#end.signal },
    );
    if (outcome === null) release(database, delivery.delivery_id);
    else recordAttempt(database, delivery.delivery_id, clock.now(), outcome);
    return outcome !== null;
  }

  #dueEndpoints(): string[] {
    const { database, clock, machine } = this.#options;
    return dueEndpoints(database, clock.now(), machine.now());
  }
}
