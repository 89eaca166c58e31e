import type { BrowserContext, Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** The app as somebody in front of it finds it: by roles, labels and texts. All its words that tests need are here. */
export interface App {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens a path of the app and waits until its content is there. */
  open(path?: string): Promise<void>;
  openInspection(id: string): Promise<void>;
  reload(): Promise<void>;
  /** The service worker has the whole app: it can now be opened without a network. */
  untilInstalled(): Promise<void>;
  /** What the status bar says of the connection. */
  connection(): Promise<string>;
  untilConnection(words: 'Online' | 'Offline' | 'Working offline' | 'Signed out'): Promise<void>;
  /** The app's own switch. */
  workOffline(on: boolean): Promise<void>;
  /** How many changes the outbox counts, once all are kept on the device: waiting, in conflict, or refused. */
  waiting(): Promise<number>;
  untilWaiting(count: number): Promise<void>;
  /** Online with nothing left to send. */
  untilSent(): Promise<void>;

  readonly field: {
    readonly title: Locator;
    readonly notes: Locator;
    readonly inspector: Locator;
    readonly visits: Locator;
    readonly tags: Locator;
    status(name: 'Open' | 'In progress' | 'Done'): Locator;
    outcome(name: 'Undecided' | 'Passed' | 'Failed'): Locator;
    /** The mark beside the label of a field that is not at the server yet. */
    mark(label: string): Locator;
  };
  /** Writes a text field and leaves it. */
  write(field: Locator, text: string): Promise<void>;
  setStatus(name: 'Open' | 'In progress' | 'Done'): Promise<void>;
  setOutcome(name: 'Undecided' | 'Passed' | 'Failed'): Promise<void>;
  /** Counts a visit. */
  visit(): Promise<void>;
  tag(name: string): Promise<void>;
  finding(summary: string): Locator;
  addFinding(summary: string): Promise<void>;
  row(title: string): Locator;
  /** Deletes the inspection that is open, and confirms it; ends at the list. */
  deleteInspection(): Promise<void>;

  /** On the sign-in page. */
  signIn(user: string, password: string): Promise<void>;
  /** In the dialog for a session that has ended. */
  signInAgain(password: string): Promise<void>;
  /** Presses "Sign out", and chooses what becomes of changes that are not sent where that is asked. */
  signOut(pending?: 'Send, then sign out' | 'Keep them on this device' | 'Discard'): Promise<void>;

  readonly outbox: {
    readonly drawer: Locator;
    open(): Promise<void>;
    close(): Promise<void>;
    /** The entries, in a group where one is named. */
    items(group?: 'Needs your decision' | 'Refused' | 'Waiting to be sent'): Locator;
  };
  readonly conflict: {
    /** Says, above the page, that somebody has to choose. */
    readonly notice: Locator;
    readonly dialog: Locator;
    open(): Promise<void>;
    field(label: string): { readonly base: Locator; readonly yours: Locator; readonly theirs: Locator; readonly own: Locator };
  };
}

export function createApp(page: Page, url: string): App {
  const status = page.getByRole('region', { name: 'Connection' });
  const details = page.getByRole('complementary', { name: 'Details' });
  const openOutbox = status.getByRole('button', { name: /^Outbox/ });
  const drawer = page.getByRole('dialog', { name: 'Outbox' });
  const conflictDialog = page.getByTestId('conflict-dialog');
  const connectionWords = status.getByTestId('connection');

  /** Null while a change is still being written to the device: to leave the page then is to lose it. */
  const kept = (): Promise<number | null> =>
    openOutbox.evaluate((button: HTMLElement) => (button.ariaBusy === 'true' ? null : Number(button.innerText.replace(/\D/g, ''))));
  const waiting = async (): Promise<number> => {
    await until(kept).not.toBe(null);
    return (await kept()) ?? waiting();
  };
  const ready = async (): Promise<void> => {
    await status.waitFor();
    await until(() => page.getByRole('status').filter({ hasText: 'Loading' }).count()).toBe(0);
  };
  const field: App['field'] = {
    title: page.getByRole('textbox', { name: 'Title', exact: true }),
    notes: page.getByRole('textbox', { name: 'Notes', exact: true }),
    inspector: page.getByRole('textbox', { name: 'Inspector', exact: true }),
    visits: details.getByRole('status', { name: 'Visits' }),
    tags: details.getByRole('list', { name: 'Tags' }).getByRole('listitem'),
    status: (name) => page.getByRole('radiogroup', { name: 'Status' }).getByRole('radio', { name }),
    outcome: (name) => page.getByRole('radiogroup', { name: 'Outcome' }).getByRole('radio', { name }),
    mark: (label) => page.locator('main').getByText(label, { exact: true }).locator('xpath=..').getByTestId('pending-mark'),
  };

  return {
    page,
    context: page.context(),
    async open(path = '/') {
      await page.goto(`${url}${path}`);
      await ready();
    },
    async openInspection(id) {
      await page.goto(`${url}/inspections/${id}`);
      await ready();
      await field.title.waitFor();
    },
    async reload() {
      await page.reload();
      await ready();
    },
    async untilInstalled() {
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    },
    connection: () => connectionWords.innerText(),
    untilConnection: (words) => until(() => connectionWords.innerText()).toBe(words),
    async workOffline(on) {
      await status.getByRole('switch', { name: 'Work offline' }).setChecked(on);
      if (on) await until(() => connectionWords.innerText()).toBe('Working offline');
    },
    waiting,
    untilWaiting: (count) => until(kept).toBe(count),
    async untilSent() {
      await until(async () => `${await connectionWords.innerText()}, ${await kept()} waiting`).toBe('Online, 0 waiting');
    },
    field,
    async write(control, text) {
      await control.fill(text);
      await control.press('Tab');
    },
    setStatus: (name) => page.getByRole('radiogroup', { name: 'Status' }).getByText(name, { exact: true }).click(),
    setOutcome: (name) => page.getByRole('radiogroup', { name: 'Outcome' }).getByText(name, { exact: true }).click(),
    visit: () => details.getByRole('button', { name: 'One more: Visits' }).click(),
    async tag(name) {
      await details.getByRole('textbox', { name: 'New tag' }).fill(name);
      await details.getByRole('button', { name: 'Add tag' }).click();
      await field.tags.filter({ hasText: name }).waitFor();
    },
    finding: (summary) =>
      page
        .getByRole('region', { name: 'Findings' })
        .getByRole('listitem')
        .filter({ has: page.getByRole('checkbox', { name: `Resolved: ${summary}`, exact: true }) }),
    async addFinding(summary) {
      const form = page.getByRole('form', { name: 'Add a finding' });
      await form.getByRole('textbox', { name: 'New finding' }).fill(summary);
      await form.getByRole('button', { name: 'Add' }).click();
      await page.getByRole('checkbox', { name: `Resolved: ${summary}`, exact: true }).waitFor();
    },
    row: (title) => page.getByRole('list', { name: 'Inspections' }).getByRole('listitem').filter({ hasText: title }),
    async signIn(user, password) {
      const form = page.getByRole('form', { name: 'Sign in' });
      await form.getByRole('textbox', { name: 'Name' }).fill(user);
      await form.getByLabel('Password').fill(password);
      await form.getByRole('button', { name: 'Sign in' }).click();
      await ready();
    },
    async signInAgain(password) {
      await page.getByRole('button', { name: 'Sign in again' }).click();
      const dialog = page.getByRole('dialog', { name: /^Sign in again/ });
      await dialog.getByLabel('Password').fill(password);
      await dialog.getByRole('button', { name: 'Sign in' }).click();
      await dialog.waitFor({ state: 'detached' });
    },
    async signOut(pending) {
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      if (pending !== undefined)
        await page
          .getByRole('dialog', { name: /not sent/ })
          .getByRole('button', { name: pending })
          .click();
      await page.getByRole('form', { name: 'Sign in' }).waitFor();
    },
    outbox: {
      drawer,
      async open() {
        await openOutbox.click();
        await drawer.waitFor();
      },
      async close() {
        await drawer.getByRole('button', { name: 'Close' }).click();
        await drawer.waitFor({ state: 'detached' });
      },
      items: (group) => (group === undefined ? drawer : drawer.getByRole('region', { name: group })).getByRole('listitem'),
    },
    async deleteInspection() {
      await page.getByRole('button', { name: 'Delete inspection' }).click();
      await page.getByRole('dialog', { name: 'Delete this inspection?' }).getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('heading', { name: 'Inspections', level: 1 }).waitFor();
    },
    conflict: {
      notice: page.getByTestId('conflicts-notice'),
      dialog: conflictDialog,
      async open() {
        await page.getByRole('button', { name: /^Compare/ }).click();
        await conflictDialog.waitFor();
      },
      field(label) {
        const group = conflictDialog.getByRole('group', { name: label });
        return {
          base: group.getByTestId('conflict-base'),
          yours: group.getByRole('radio', { name: /^Yours/ }),
          theirs: group.getByRole('radio', { name: /^Theirs/ }),
          own: group.getByRole('radio', { name: 'Write it anew from both' }),
        };
      },
    },
  };
}
