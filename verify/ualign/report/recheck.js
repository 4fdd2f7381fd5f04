/*
 * The page checks its certificates again, or files that a reader gives it: the second checker runs
 * in a worker, and what it says of each claim is shown. Nothing is fetched, so the page may be read
 * from a disk, without a network.
 */
(() => {
  const place = document.getElementById("recheck");
  const [button, files, progress, status, list] = ["button", "input", "progress", "output", "ol"]
    .map((name) => place.querySelector(name));
  const MOST_SHOWN = 200;
  const TAIL = `
    onmessage = ({ data }) => {
      data.forEach(([name, bytes], i) => {
        for (const line of verdicts(bytes, name)) postMessage({ line });
        postMessage({ done: i + 1 });
      });
    };`;
  let worker = null;

  /** The files that the page holds, by name: the checker, and then the certificates. */
  const unpacked = (async () => {
    const packed = Uint8Array.from(atob(place.querySelector("script").textContent),
      (character) => character.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const start = bytes.indexOf(10) + 1;
    let at = start;
    return JSON.parse(new TextDecoder().decode(bytes.subarray(0, start))).map(([name, size]) => {
      at += size;
      return [name, bytes.subarray(at - size, at)];
    });
  })();

  const count = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;

  /** An entry of the list: a verdict, and why a claim is refused. */
  function entry(line) {
    const item = document.createElement("li");
    const verdict = document.createElement(line.verdict === "ACCEPTED" ? "i" : "b");
    verdict.textContent = line.verdict;
    const where = line.index === null ? line.file : `${line.file}#${line.index}`;
    const more = [` ${where}${line.claim ? `: ${line.claim}` : ""}`];
    if (line.code) more.push(`${line.code} at ${line.pointer || "/"}: ${line.detail}`);
    if (line.left !== undefined) more.push(`left side ${line.left}`, `right side ${line.right}`);
    item.append(verdict);
    more.forEach((text, i) => item.append(...(i ? [document.createElement("br")] : []), text));
    list.append(item);
  }

  /** Check files, pairs of a name and its bytes; `all`: show what is accepted, too. */
  async function check(pairs, checker, all) {
    worker?.terminate();
    list.replaceChildren();
    const counts = {};
    let claims = 0;
    const told = (done) => {
      const verdicts = Object.entries(counts).sort()
        .map(([word, n]) => `${n.toLocaleString("en")} ${word}`);
      progress.value = done;
      status.textContent = done < pairs.length
        ? `checking: ${count(claims, "claim")} in ${done} of ${count(pairs.length, "file")}`
        : `${count(claims, "claim")} in ${count(pairs.length, "file")}: ${verdicts.join(", ")}` +
          (list.childElementCount < MOST_SHOWN ? "" : "; not all are shown");
    };
    Object.assign(progress, { max: pairs.length, value: 0, hidden: false });
    // A page from a disk may start a worker that is a module from a data: address, not from a blob:
    const source = encodeURIComponent(new TextDecoder().decode(checker) + TAIL);
    worker = new Worker(`data:text/javascript,${source}`, { type: "module" });
    worker.onerror = (fault) => {
      status.textContent = `the checker failed, and says nothing: ${fault.message ?? ""}`;
    };
    worker.onmessage = ({ data: { line, done } }) => {
      if (done) {
        told(done);
        return;
      }
      claims += 1;
      counts[line.verdict] = (counts[line.verdict] ?? 0) + 1;
      const shown = all || line.verdict !== "ACCEPTED";
      if (shown && list.childElementCount < MOST_SHOWN) entry(line);
    };
    told(0);
    worker.postMessage(pairs);
  }

  /** Check files of the reader's. */
  async function given(chosen) {
    const one = chosen.length === 1;
    const some = [...chosen].filter(({ name }) => one || name.endsWith(".cert.json"));
    if (!some.length) {
      status.textContent = "no file here is called .cert.json";
      return;
    }
    const pairs = await Promise.all(some.map(async (file) =>
      [file.webkitRelativePath || file.name, new Uint8Array(await file.arrayBuffer())]));
    const [[, checker]] = await unpacked;
    await check(pairs, checker, true);
  }

  const failed = (fault) => {
    status.textContent = `this browser cannot do it: ${fault}`;
  };
  button?.addEventListener("click", () => {
    unpacked.then(([[, checker], ...held]) => check(held, checker, false)).catch(failed);
  });
  files.addEventListener("change", () => given(files.files).catch(failed));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer?.files.length) return;
    place.scrollIntoView();
    given(event.dataTransfer.files).catch(failed);
  });
})();
