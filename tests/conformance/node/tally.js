// Counts what passed and prints what did not; the last line is the suite's result.

export class Tally {
  constructor() {
    this.passed = 0;
    this.failed = 0;
    this.skipped = new Map();
    this.foreign = new Map();
  }

  /** Takes results as `runCases` gives them; `variant` says where they ran. */
  add(variant, results) {
    for (const { name, outcome, why } of results) {
      if (outcome === "passed") {
        this.passed += 1;
      } else if (outcome === "skipped") {
        countOne(this.skipped, why);
      } else if (outcome === "foreign") {
        countOne(this.foreign, why);
      } else {
        this.failed += 1;
        console.log(`failed: ${variant}: ${name}: ${why}`);
      }
    }
  }

  /** Counts one claim; `why` is printed when it does not hold. */
  check(variant, name, holds, why) {
    this.add(variant, [{ name, outcome: holds ? "passed" : "failed", why }]);
  }

  /** Prints the counts and sets the exit code. */
  end() {
    for (const [why, count] of this.foreign) console.log(`not among a variant's cases: ${count}: it has no ${why}`);
    let skipped = 0;
    for (const [why, count] of this.skipped) {
      console.log(`skipped: ${count} cases: ${why}`);
      skipped += count;
    }
    console.log(`${this.passed} passed, ${this.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    process.exitCode = this.failed > 0 ? 1 : 0;
  }
}

function countOne(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
