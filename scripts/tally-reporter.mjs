// A vitest reporter whose only and last line counts the tests: `N passed, N failed` (and skipped, when there are any).

export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      let failedInside = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state === 'pending' ? 'failed' : state] += 1;
        if (state === 'failed') failedInside += 1;
      }
      // a file that cannot even be loaded, or whose hooks fail, has no failed test of its own
      if (module.state() === 'failed' && failedInside === 0) count.failed += 1;
    }
    count.failed += unhandledErrors.length;
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    this.line = `${count.passed} passed, ${count.failed} failed${skipped}`;
    process.on('exit', () => console.log(this.line));
  }
}
