import type { Reporter, TestModule } from 'vitest/node';

/** One plain line after everything else: how it went, for people who scroll to the end and for scripts that read it. */
export class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string): number => states.filter((each) => each === state).length;
    // A file that does not load, and an error outside any test, is a failure although no test is.
    const broken = errors.length + modules.filter((module) => module.errors().length > 0).length;
    process.stdout.write(`\nTests: ${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped\n`);
  }
}
