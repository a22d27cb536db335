import type { Reporter, TestModule } from 'vitest/node';

/**
 * Closes the run with what was skipped and why (the reason is the note given to `ctx.skip(reason)`),
 * then the plain count on the last line: `N passed, N failed, N skipped`.
 */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'failed') failed += 1;
        else skipped.push(`${test.fullName}: ${('note' in result && result.note) || 'no reason given'}`);
      }
    }
    // The default reporter prints its own summary in the same hook; ours must come after it.
    process.once('exit', () => {
      for (const line of skipped) console.log(`skipped: ${line}`);
      console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    });
  }
}

// Vitest loads a reporter by its module's default export.
 
export default CountReporter;
