/** Who is logged in. The access token lives in memory, the refresh token in the browser, so that a reload keeps it. */

const KEPT = "roto-hub-refresh";
const EARLY_S = 30;
const SEEN_MS = 100;

interface Tokens {
  access: string;
  refresh: string;
  expires_s: number;
  user_id: string;
}

export class Session {
  private token = "";
  private until = 0;
  private person = "";
  private hasLapsed = false;
  /** A refresh token that the hub took for none. It is left where it is: taking it away tells other tabs of a log-out. */
  private over: string | null = null;
  private refreshing: Promise<void> | null = null;
  private listeners = new Set<() => void>();

  constructor() {
    window.addEventListener("storage", ({ key, newValue }) => key === KEPT && this.follow(newValue));
  }

  get isOpen(): boolean {
    const kept = localStorage.getItem(KEPT);
    return this.token !== "" || (kept !== null && kept !== this.over);
  }

  /** Whether the hub ended the log-in of somebody who is at work: they log in again, and go on where they were. */
  get isLapsed(): boolean {
    return this.hasLapsed;
  }

  /** An access token that is good for a while, waited for while the log-in has lapsed; empty where nobody is logged in. */
  async access(): Promise<string> {
    while (this.isOpen && Date.now() >= this.until) {
      if (this.hasLapsed) await this.resumed();
      else await (this.refreshing ??= inTurn(() => this.refresh()).finally(() => (this.refreshing = null)));
    }
    return this.token;
  }

  /** The hub takes this access token for none, whatever the clock here says: a new one is asked for next. */
  giveUp(access: string): void {
    if (this.token === access) this.until = 0;
  }

  /** Somebody else than before gets a page that knows nothing of them; the browser asks first where work would be lost. */
  open(tokens: Tokens): void {
    localStorage.setItem(KEPT, tokens.refresh);
    if (this.person !== "" && this.person !== tokens.user_id) {
      this.lapse(true);
      return location.reload();
    }
    this.person = tokens.user_id;
    this.token = tokens.access;
    this.until = Date.now() + 1000 * Math.max(tokens.expires_s - EARLY_S, 1);
    this.lapse(false);
  }

  /** What a provider's log-in brought back: a refresh token, which gets the first pair. */
  adopt(refresh: string): void {
    localStorage.setItem(KEPT, refresh);
    this.tell();
  }

  /** Over here at once; a hub that does not answer keeps its part until the refresh token is too old. */
  close(): void {
    const refresh = localStorage.getItem(KEPT);
    localStorage.removeItem(KEPT);
    this.end();
    if (refresh !== null) void post("/api/v1/logout", { refresh }).catch(() => undefined);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private async refresh(): Promise<void> {
    const refresh = localStorage.getItem(KEPT);
    if (refresh === null) return this.end();
    const answer = await post("/api/v1/refresh", { refresh });
    if (localStorage.getItem(KEPT) !== refresh) return this.refresh(); // another tab has a newer one, or logged out
    if (answer.ok) this.open((await answer.json()) as Tokens);
    else if (answer.status !== 401) throw new Error(`The hub answered ${answer.status}.`);
    else if (this.person !== "") this.lapse(true);
    else {
      this.over = refresh;
      this.end();
    }
  }

  private end(): void {
    this.token = "";
    this.until = 0;
    this.person = "";
    this.lapse(false);
  }

  private lapse(hasLapsed: boolean): void {
    this.hasLapsed = hasLapsed;
    this.tell();
  }

  /** What another tab did: it logged out, or it has a newer token, by which a log-in that was over goes on here too. */
  private follow(refresh: string | null): void {
    if (refresh === null) this.end();
    else this.lapse(false);
  }

  private resumed(): Promise<void> {
    return new Promise((go) => {
      const stop = this.subscribe(() => {
        if (this.hasLapsed) return;
        stop();
        go();
      });
    });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** One tab of the browser after the other, as all share the refresh token; the turn ends a little later, since tabs in other
 * processes see late what this one kept. Browsers have locks only at an `https` address; elsewhere the hub bears with a token
 * that comes twice at once. */
function inTurn(act: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return act();
  return new Promise((done, failed) => {
    const turn = navigator.locks.request(KEPT, async () => {
      await act().then(done, failed);
      await new Promise((seen) => setTimeout(seen, SEEN_MS));
    });
    turn.catch(failed);
  });
}

function post(path: string, body: object): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export const session = new Session();
